// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Frozen} from "../interfaces/IJobs.sol";

/// @title FrozenLib
/// @notice The digest by which a job remembers what was frozen. Mirrored by `protocol/frozen.ts`.
library FrozenLib {
    /// @dev Members of the struct, each one word wide.
    uint256 private constant SIZE = 7 * 32;

    /// @notice The first 26 bytes of `keccak256(abi.encode(frozen))`: 208 bits stand against a second preimage.
    /// @dev All members are static, so their encoding is the struct as it lies in memory.
    function digest(Frozen memory frozen) internal pure returns (bytes26 result) {
        bytes32 mask = bytes32(bytes26(type(uint208).max));
        assembly ("memory-safe") {
            result := and(keccak256(frozen, SIZE), mask)
        }
    }
}
