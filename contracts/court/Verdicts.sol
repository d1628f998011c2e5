// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus, Verdict} from "../interfaces/ICaseNotices.sol";
import {ICases} from "../interfaces/ICases.sol";
import {Frozen, Job, JobSpec, JobStatus} from "../interfaces/IJobs.sol";
import {Tolerances} from "../interfaces/ISeats.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {WordLib} from "../libraries/WordLib.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";
import {Words} from "./Words.sol";

/// @title Verdicts
/// @notice What the words come to. Nobody votes: the contract computes the verdict from the median word.
abstract contract Verdicts is Words {
    using DeadlineLib for uint256;
    using WordLib for bytes32;
    using WordLib for bytes32[];

    /// @inheritdoc ICases
    function close(JobSpec calldata spec, Frozen calldata frozen, uint256 key) external returns (Verdict verdict) {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        bytes32 caseId = CaseLib.caseId(id, key);
        Case memory c = _cases[caseId];
        bool isOpen = c.status != CaseStatus.None && c.status != CaseStatus.Closed;
        require(isOpen, CaseWrongStatus(caseId, c.status));

        Faults memory faults;
        if (job.status == JobStatus.Rejected) {
            verdict = Verdict.Moot;
        } else {
            _requireOver(caseId, c);
            if (c.tier == 2) (verdict, faults) = _judge(caseId, c, spec.model);
            else if (_acquits(caseId, spec.model)) verdict = _acquitAfterAppeal(caseId, c);
        }
        if (verdict == Verdict.None) _escalate(caseId, frozen.provider);
        else _finish(caseId, spec, frozen, verdict, faults);
    }

    function _acquitAfterAppeal(bytes32 caseId, Case memory c) private view returns (Verdict) {
        uint256 deadline = uint256(c.since) + APPEAL_WINDOW;
        require(deadline.hasPassed(), CaseTooEarly(caseId, deadline));
        return Verdict.Acquitted;
    }

    /// @dev Six words near the median decide: they convict if six of them are over a threshold. Words away from it, in tier one
    /// too, are then at fault.
    function _judge(
        bytes32 caseId,
        Case memory c,
        ModelId model
    ) private view returns (Verdict verdict, Faults memory faults) {
        Tolerances memory tolerances = _panels[model].tolerances;
        uint256 tier = c.revealed & _positionsOf(2);
        bytes32[] memory words = _wordsOf(caseId, tier);
        if (words.length < CaseLib.QUORUM) return (Verdict.NoQuorum, faults);

        bytes32 center = words.median();
        (uint256 near, uint256 over) = _compare(caseId, c.revealed, center, tolerances);
        if (_count(near & tier) < CaseLib.QUORUM) return (Verdict.Undecidable, faults);
        uint256 away = c.revealed & ~near;
        faults = Faults({outliers: uint16(away & tier), contradicted: uint16(away & ~tier)});
        verdict = _count(near & over & tier) < CaseLib.QUORUM ? Verdict.Acquitted : Verdict.Convicted;
    }

    /// @notice Which of the revealed words lie near the median, and which are over a threshold: masks of positions.
    function _compare(
        bytes32 caseId,
        uint256 revealed,
        bytes32 center,
        Tolerances memory tolerances
    ) private view returns (uint256 near, uint256 over) {
        for (uint256 i = 0; i < CaseLib.POSITIONS; ++i) {
            uint256 bit = 1 << i;
            if (revealed & bit == 0) continue;
            bytes32 word = _words[caseId][i];
            if (word.isNear(center, tolerances)) near |= bit;
            if (word.isOver(tolerances)) over |= bit;
        }
    }

    function _count(uint256 mask) private pure returns (uint256 count) {
        for (; mask != 0; mask &= mask - 1) ++count;
    }
}
