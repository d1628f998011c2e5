// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// solhint-disable no-complex-fallback, payable-fallback

/// @title Delegating
/// @notice Runs on another contract, with its own storage, what it does not know itself: one contract may hold 24 KB of code (EIP-170).
abstract contract Delegating {
    address private immutable NEXT;

    constructor(address next) {
        NEXT = next;
    }

    /// @notice Answers and reverts as the next contract does.
    fallback() external {
        address next = NEXT;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := delegatecall(gas(), next, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(success) {
                revert(free, returndatasize())
            }
            return(free, returndatasize())
        }
    }
}
