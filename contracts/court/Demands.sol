// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

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

        _demand(key, frozen, Demand(id, spec.client, 0, item, chunk));
    }

    /// @inheritdoc IDemands
    function demandForCase(JobSpec calldata spec, Frozen calldata frozen, uint256 caseKey, uint256 position) external {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        require(job.status == JobStatus.InCase, CaseWrongJob(id));
        bytes32 caseId = CaseLib.caseId(id, caseKey);
        Case memory c = _cases[caseId];
        _requireStatus(caseId, c.status, CaseStatus.Commit);
        uint256 deadline = _commitBy(c);
        require(deadline.isAhead(), CaseTooLate(caseId, deadline));
        uint32 seat = _requireSeat(caseId, c.tier, _packedSeats[caseId], position);
        bool isLeft =
            c.demands < CaseLib.MAX_DEMANDS &&
                c.nextItem < spec.items &&
                (c.nextChunk > 0 || c.answeredTokens < CaseLib.MAX_CASE_TOKENS);
        require(isLeft, DemandExhausted(caseId));

        _cases[caseId].status = CaseStatus.Waiting;
        _cases[caseId].demands = c.demands + 1;
        uint32 item = uint32((uint256(c.startItem) + c.nextItem) % spec.items);
        _demand(caseId, frozen, Demand(id, _seats[seat].owner, 0, item, c.nextChunk));
    }

    /// @inheritdoc IDemands
    function answer(JobSpec calldata spec, Frozen calldata frozen, bytes32 key, Answer calldata data) external {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        Demand memory open = _requireOpen(key, id);
        require(uint256(open.answerBy).isAhead(), DemandTooLate(key, open.answerBy));
        _requireAnswer(id, open, spec.input, frozen, data);

        _closeDemand(key, id, spec, frozen, job.status == JobStatus.Rejected);
        // Who must be asked on chain for what seats may see earns nothing by it.
        bool isForCase = _cases[key].status != CaseStatus.None;
        _market.pay(isForCase ? open.demander : msg.sender, DEMAND_DEPOSIT);
        if (isForCase) _advance(_cases[key], data.trace.length);

        emit Answered(id, key, open.item, open.chunk, data);
    }

    /// @inheritdoc IDemands
    function defaultDemand(JobSpec calldata spec, Frozen calldata frozen, bytes32 key) external {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        Demand memory open = _requireOpen(key, id);
        bool isEnded = job.status == JobStatus.Rejected;
        bool isDue = isEnded || uint256(open.answerBy).hasPassed();
        require(isDue, DemandTooEarly(key, open.answerBy));

        _closeDemand(key, id, spec, frozen, true);
        _market.pay(open.demander, DEMAND_DEPOSIT);
        emit DemandEnded(id, key, !isEnded);
        if (isEnded) return;
        bool isForCase = _cases[key].status == CaseStatus.Waiting;
        if (isForCase) _finish(key, spec, frozen, Verdict.Withheld, Faults(0, 0));
        else _sentence(id, spec, frozen, Outcome.Withheld, false, 0);
    }

    /// @dev The case goes on, with a whole commit window; the next demand is for what comes after this answer.
    function _advance(Case storage c, uint256 traceBytes) private {
        if (c.status != CaseStatus.Waiting) return;
        c.status = CaseStatus.Commit;
        c.since = uint40(block.timestamp);
        c.answeredTokens += uint16(Math.min(traceBytes, LeafLib.TRACE_CHUNK_BYTES) / LeafLib.TRACE_ENTRY_BYTES);
        if (traceBytes >= LeafLib.TRACE_CHUNK_BYTES) {
            ++c.nextChunk;
        } else {
            c.nextChunk = 0;
            ++c.nextItem;
        }
    }

    function _demand(bytes32 key, Frozen calldata frozen, Demand memory wanted) private {
        require(_demands[key].demander == address(0), DemandOpen(key));
        wanted.answerBy = uint40(block.timestamp + ANSWER_WINDOW);
        _demands[key] = wanted;
        _hold(wanted.job, frozen);
        _market.collect(wanted.demander, DEMAND_DEPOSIT);

        emit Demanded(wanted.job, key, wanted.demander, wanted.item, wanted.chunk, wanted.answerBy);
    }

    function _requireOpen(bytes32 key, JobId id) private view returns (Demand memory open) {
        open = _demands[key];
        bool isOfJob = JobId.unwrap(open.job) == JobId.unwrap(id);
        require(open.demander != address(0) && isOfJob, DemandNotOpen(key));
    }

    function _closeDemand(bytes32 key, JobId id, JobSpec calldata spec, Frozen calldata frozen, bool isEnded) private {
        delete _demands[key];
        _letGo(id, spec, frozen, isEnded);
    }

    /// @dev A chunk beyond the last is answered by the last, which is the only one that is not full. All answers about an item must
    /// rest on one leaf: proofs in sorted pairs do not tell where in the tree a leaf is, so a tree could hold two of one item.
    function _requireAnswer(
        JobId id,
        Demand memory open,
        bytes32 input,
        Frozen calldata frozen,
        Answer calldata data
    ) private {
        bytes32 leaf = LeafLib.resultLeaf(id, frozen.provider, open.item, data.outputHash, data.traceRoot);
        bytes32 earlier = _answeredLeaves[id][open.item];
        bool isProven = data.resultProof.verifyCalldata(frozen.resultRoot, leaf);
        require(isProven && (earlier == 0 || earlier == leaf), DemandWrongAnswer(id, "result"));
        if (earlier == 0) _answeredLeaves[id][open.item] = leaf;
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
        isProven = data.traceProof.verifyCalldata(data.traceRoot, chunk);
        require(isAsked && isProven, DemandWrongAnswer(id, "trace"));
    }
}
