// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Quote} from "../interfaces/IAgreements.sol";

/// @title QuoteLib
/// @notice The EIP-712 hash of a quote. Mirrored by `protocol/quote.ts`.
library QuoteLib {
    bytes32 internal constant QUOTE_TYPEHASH = keccak256("Quote(bytes32 job,uint40 validUntil)");

    /// @notice EIP-712 `hashStruct`.
    function hash(Quote memory quote) internal pure returns (bytes32) {
        return keccak256(abi.encode(QUOTE_TYPEHASH, quote));
    }
}
