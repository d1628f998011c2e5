// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IERC3009
/// @notice The part of ERC-3009 (transfer with authorization) that the ledger uses, with a `bytes` signature so that
/// smart accounts can sign too (as in USDC 2.2).
interface IERC3009 {
    /// @notice Moves `value` from `from` to `to` by a signed authorization that only `to` may present.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
