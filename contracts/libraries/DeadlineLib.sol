// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title DeadlineLib
/// @notice The one place that says when a duty is in time and when its exit opens.
/// @dev At every instant exactly one of the two holds. Deadlines are unix seconds.
library DeadlineLib {
    /// @notice Whether a duty with this deadline may still be done: `now < deadline`.
    function isAhead(uint256 deadline) internal view returns (bool) {
        return block.timestamp < deadline;
    }

    /// @notice Whether the exit behind this deadline is open: `now >= deadline`.
    function hasPassed(uint256 deadline) internal view returns (bool) {
        return block.timestamp >= deadline;
    }
}
