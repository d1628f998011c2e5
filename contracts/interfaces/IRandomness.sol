// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IRandomness
/// @notice Where seeds come from. Each chain has its own best source, and its own trust in it: see docs/threats.md.
interface IRandomness {
    /// @notice The seed that a block gives; zero if it cannot be read: not there yet, or too old.
    function seedOf(uint256 blockNumber) external view returns (bytes32 seed);
}
