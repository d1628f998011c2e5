// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICaseNotices} from "./ICaseNotices.sol";
import {Frozen, JobSpec} from "./IJobs.sol";

/// @title IChallenges
/// @notice What a client does who doubts a result.
interface IChallenges is ICaseNotices {
    /// @notice Opens a case on items from `item` on. Only the client, within the challenge window, with a bond.
    function challenge(JobSpec calldata spec, Frozen calldata frozen, uint32 item) external returns (bytes32 caseId);

    /// @notice Takes an acquittal of tier one to tier two. Only the client, within the appeal window, with a bond.
    function appeal(JobSpec calldata spec, Frozen calldata frozen, uint256 key) external;
}
