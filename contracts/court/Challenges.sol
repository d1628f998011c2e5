// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus} from "../interfaces/ICaseNotices.sol";
import {IChallenges} from "../interfaces/IChallenges.sol";
import {Frozen, Job, JobSpec} from "../interfaces/IJobs.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {JobId} from "../types/JobId.sol";
import {Tiers} from "./Tiers.sol";

/// @title Challenges
/// @notice The client's challenge and appeal.
abstract contract Challenges is IChallenges, Tiers {
    using DeadlineLib for uint256;

    /// @inheritdoc IChallenges
    function challenge(JobSpec calldata spec, Frozen calldata frozen, uint32 item) external returns (bytes32 caseId) {
        (JobId id, Job memory job) = _requireJudged(spec, frozen);
        require(msg.sender == spec.client, CaseNotClient(spec.client, msg.sender));
        require(item < spec.items, CaseNoSuchItem(id, item));
        uint256 deadline = uint256(job.since) + frozen.challengeWindow;
        require(deadline.isAhead(), CaseTooLate(CaseLib.caseId(id, item), deadline));
        uint64 bond = _bondOf(spec.price);
        _market.collect(msg.sender, bond);
        _hold(id, frozen);
        caseId = _open(id, item, item, bond);

        _pin(caseId, 1);
    }

    /// @inheritdoc IChallenges
    function appeal(JobSpec calldata spec, Frozen calldata frozen, uint256 key) external {
        (JobId id, ) = _requireJob(spec, frozen);
        require(msg.sender == spec.client, CaseNotClient(spec.client, msg.sender));
        bytes32 caseId = CaseLib.caseId(id, key);
        Case storage c = _cases[caseId];
        _requireStatus(caseId, c.status, CaseStatus.Revealed);
        require(c.tier == 1 && _acquits(caseId, spec.model), CaseNotAcquitted(caseId));
        uint256 deadline = uint256(c.since) + APPEAL_WINDOW;
        require(deadline.isAhead(), CaseTooLate(caseId, deadline));

        uint64 bond = _bondOf(spec.price);
        c.bond += bond;
        _market.collect(msg.sender, bond);
        emit CaseAppealed(caseId, msg.sender);

        _escalate(caseId, frozen.provider);
    }
}
