// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Names one job: the EIP-712 digest of its `JobSpec` under the market's domain, so it binds chain and market.
type JobId is bytes32;
