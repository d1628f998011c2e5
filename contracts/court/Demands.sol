// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Case, CaseStatus, Verdict} from "../interfaces/ICaseNotices.sol";
import {Answer, Demand, IDemands} from "../interfaces/IDemands.sol";
import {Frozen, Job, JobSpec, JobStatus, Outcome} from "../interfaces/IJobs.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {LeafLib} from "../libraries/LeafLib.sol";
import {JobId} from "../types/JobId.sol";
import {Tiers} from "./Tiers.sol";

/// @title Demands
/// @notice Data on demand: in place of any vote on whether it could be had.
abstract contract Demands is IDemands, Tiers {
    using DeadlineLib for uint256;
    using MerkleProof for bytes32[];

    /// @inheritdoc IDemands
    function demand(JobSpec calldata spec, Frozen calldata frozen, uint32 item, uint8 chunk) external {
        (JobId id, Job memory job) = _requireJudged(spec, frozen);
        require(msg.sender == spec.client, CaseNotClient(spec.client, msg.sender));
        require(item < spec.items, CaseNoSuchItem(id, item));
        uint256 deadline = uint256(job.since) + frozen.challengeWindow;
        bool isInTime = job.status == JobStatus.InCase || deadline.isAhead();
        bytes32 key = JobId.unwrap(id);
        require(isInTime, DemandTooLate(key, deadline));

        _demand(key, id, frozen, Demand(spec.client, 0, item, chunk));
    }

    /// @inheritdoc IDemands
    function demandForCase(
        JobSpec calldata spec,
        Frozen calldata frozen,
        uint256 caseKey,
        uint256 position,
        uint32 item,
        uint8 chunk
    ) external {
        (JobId id, ) = _requireJudged(spec, frozen);
        bytes32 caseId = CaseLib.caseId(id, caseKey);
        Case memory c = _cases[caseId];
        _requireStatus(caseId, c.status, CaseStatus.Commit);
        uint256 deadline = _commitBy(c);
        require(deadline.isAhead(), CaseTooLate(caseId, deadline));
        uint32 seat = _requireSeat(caseId, c.tier, _packedSeats[caseId], position);
        bool isOfCase = item < spec.items && CaseLib.isWithin(item, c.startItem, spec.items);
        require(isOfCase && c.demands < CaseLib.MAX_DEMANDS, DemandNotAllowed(id, item));

        _cases[caseId].status = CaseStatus.Waiting;
        _cases[caseId].demands = c.demands + 1;
        _demand(caseId, id, frozen, Demand(_seats[seat].owner, 0, item, chunk));
    }

    /// @inheritdoc IDemands
    function answer(JobSpec calldata spec, Frozen calldata frozen, bytes32 key, Answer calldata data) external {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        Demand memory open = _requireOpen(key);
        require(uint256(open.answerBy).isAhead(), DemandTooLate(key, open.answerBy));
        _requireAnswer(id, open, spec.input, frozen, data);

        _closeDemand(key, id, frozen, job.status == JobStatus.Rejected);
        _market.pay(msg.sender, DEMAND_DEPOSIT);
        Case storage c = _cases[key];
        if (c.status == CaseStatus.Waiting) {
            c.status = CaseStatus.Commit;
            c.since = uint40(block.timestamp);
        }
        if (c.status != CaseStatus.None) _credit(open.demander, DEMAND_DEPOSIT);

        emit Answered(id, key, open.item, open.chunk, data);
    }

    /// @inheritdoc IDemands
    function defaultDemand(JobSpec calldata spec, Frozen calldata frozen, bytes32 key) external {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        Demand memory open = _requireOpen(key);
        bool isEnded = job.status == JobStatus.Rejected;
        bool isDue = isEnded || uint256(open.answerBy).hasPassed();
        require(isDue, DemandTooEarly(key, open.answerBy));

        _closeDemand(key, id, frozen, true);
        _market.pay(open.demander, DEMAND_DEPOSIT);
        if (isEnded) return;
        bool isForCase = _cases[key].status == CaseStatus.Waiting;
        if (isForCase) _finish(key, spec, frozen, Verdict.Withheld, Faults(0, 0));
        else _sentence(spec, frozen, Outcome.Withheld, false, 0);
    }

    function _demand(bytes32 key, JobId id, Frozen calldata frozen, Demand memory wanted) private {
        require(_demands[key].demander == address(0), DemandOpen(key));
        wanted.answerBy = uint40(block.timestamp + ANSWER_WINDOW);
        _demands[key] = wanted;
        _hold(id, frozen);
        _market.collect(wanted.demander, DEMAND_DEPOSIT);

        emit Demanded(id, key, wanted.demander, wanted.item, wanted.chunk, wanted.answerBy);
    }

    function _requireOpen(bytes32 key) private view returns (Demand memory open) {
        open = _demands[key];
        require(open.demander != address(0), DemandNotOpen(key));
    }

    function _closeDemand(bytes32 key, JobId id, Frozen calldata frozen, bool isEnded) private {
        delete _demands[key];
        _letGo(id, frozen, isEnded);
    }

    /// @dev A chunk beyond the last is answered by the last, which is the only one that is not full.
    function _requireAnswer(
        JobId id,
        Demand memory open,
        bytes32 input,
        Frozen calldata frozen,
        Answer calldata data
    ) private pure {
        bytes32 leaf = LeafLib.resultLeaf(id, frozen.provider, open.item, data.outputHash, data.traceRoot);
        require(data.resultProof.verifyCalldata(frozen.resultRoot, leaf), DemandWrongAnswer(id, "result"));
        if (open.chunk == 0) {
            bytes32 request = LeafLib.inputLeaf(open.item, keccak256(data.request));
            require(data.inputProof.verifyCalldata(input, request), DemandWrongAnswer(id, "request"));
            require(keccak256(data.output) == data.outputHash, DemandWrongAnswer(id, "output"));
        }
        if (data.traceRoot == 0) {
            require(data.trace.length == 0, DemandWrongAnswer(id, "trace"));
            return;
        }
        bool isLast = data.traceChunk < open.chunk && data.trace.length < LeafLib.TRACE_CHUNK_BYTES;
        bool isAsked = data.traceChunk == open.chunk || isLast;
        bytes32 chunk = LeafLib.traceLeaf(data.traceChunk, keccak256(data.trace));
        bool isProven = data.traceProof.verifyCalldata(data.traceRoot, chunk);
        require(isAsked && isProven, DemandWrongAnswer(id, "trace"));
    }
}
