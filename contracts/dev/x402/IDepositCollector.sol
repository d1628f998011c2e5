// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IDepositCollector
/// @notice Fetches a payer's tokens for a channel, by whatever authorization of the payer it understands.
interface IDepositCollector {
    /// @notice Moves `amount` from `payer` to the caller.
    /// @param collectorData The authorization, in the collector's own encoding.
    function collect(
        address payer,
        address token,
        uint256 amount,
        bytes32 channelId,
        bytes calldata collectorData
    ) external;
}
