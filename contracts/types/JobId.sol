// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Names one job: the EIP-712 digest of its `JobSpec` under the market's domain, so it binds chain and market.
type JobId is bytes32;

using {equals as ==, differs as !=} for JobId global;

function equals(JobId a, JobId b) pure returns (bool) {
    return JobId.unwrap(a) == JobId.unwrap(b);
}

function differs(JobId a, JobId b) pure returns (bool) {
    return JobId.unwrap(a) != JobId.unwrap(b);
}
