// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Draw, IDraws} from "../interfaces/IDraws.sol";
import {Case, CaseStatus, Verdict} from "../interfaces/ICaseNotices.sol";
import {ICases} from "../interfaces/ICases.sol";
import {Frozen, Job, JobSpec, JobStatus} from "../interfaces/IJobs.sol";
import {PanelSlot} from "../interfaces/ISeats.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {JobSpecLib} from "../libraries/JobSpecLib.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";
import {Tiers} from "./Tiers.sol";

/// @title Cases
/// @notice How a case comes about by the draw, and the panels that seeds draw.
abstract contract Cases is IDraws, ICases, Tiers {
    /// @inheritdoc ICases
    function openDrawn(JobSpec calldata spec, Frozen calldata frozen) external returns (bytes32 caseId) {
        (JobId id, Job memory job) = _requireJudged(spec, frozen);
        // A receipt was not submitted in a block whose hash could draw it.
        require(frozen.verified && spec.flags & JobSpecLib.RECEIPT == 0, CaseNotDrawn(id));
        uint256 anchor = uint256(frozen.submitBlock) + DRAW_DELAY;
        require(block.number > anchor, CaseNotDrawn(id));
        bytes32 seed = RANDOMNESS.seedOf(anchor);
        require(seed == 0 || CaseLib.isDrawn(seed, id, spec.price, AUDIT_VALUE), CaseNotDrawn(id));
        _hold(id, frozen);
        caseId = _open(id, CaseLib.DRAW_KEY, 0, 0);

        if (seed == 0) {
            _pin(caseId, 1);
        } else {
            _credit(msg.sender, OPEN_REWARD);
            _seat(caseId, id, job.since, spec, frozen, seed);
        }
    }

    /// @inheritdoc ICases
    function seatPanel(JobSpec calldata spec, Frozen calldata frozen, uint256 key) external {
        (JobId id, Job memory job) = _requireJob(spec, frozen);
        require(job.status == JobStatus.InCase, CaseWrongJob(id));
        bytes32 caseId = CaseLib.caseId(id, key);
        Case storage c = _cases[caseId];
        _requireStatus(caseId, c.status, CaseStatus.Pinned);
        uint256 anchor = c.anchor;
        require(block.number > anchor, CaseSeedPending(caseId, anchor));
        bytes32 seed = RANDOMNESS.seedOf(anchor);

        bool isDraw = key == CaseLib.DRAW_KEY && c.tier == 1;
        if (seed == 0) _pin(caseId, c.tier);
        else if (isDraw && !CaseLib.isDrawn(seed, id, spec.price, AUDIT_VALUE)) _dismiss(caseId, id, spec, frozen);
        else _seat(caseId, id, job.since, spec, frozen, seed);
    }

    /// @inheritdoc IDraws
    function drawOf(JobId id, Frozen calldata frozen) external view returns (Draw) {
        uint256 anchor = uint256(frozen.submitBlock) + DRAW_DELAY;
        if (block.number <= anchor) return Draw.Pending;
        bytes32 seed = RANDOMNESS.seedOf(anchor);
        if (seed != 0 && !CaseLib.isDrawn(seed, id, frozen.price, AUDIT_VALUE)) return Draw.NotDrawn;
        bool isClosed = _cases[CaseLib.caseId(id, CaseLib.DRAW_KEY)].status == CaseStatus.Closed;
        return isClosed ? Draw.NotDrawn : Draw.Drawn;
    }

    /// @dev Ends the case of an old job that a later block did not draw.
    function _dismiss(bytes32 caseId, JobId id, JobSpec calldata spec, Frozen calldata frozen) private {
        _cases[caseId].status = CaseStatus.Closed;
        _letGo(id, spec, frozen, false);

        emit CaseClosed(caseId, id, Verdict.None, 0);
    }

    /// @dev Draws the panel of the case's tier: three seats, or nine that did not sit in tier one. With too few the case is over.
    function _seat(
        bytes32 caseId,
        JobId id,
        uint256 submittedAt,
        JobSpec calldata spec,
        Frozen calldata frozen,
        bytes32 seed
    ) private {
        Case memory c = _cases[caseId];
        bool isSecond = c.tier == 2;
        if (!isSecond) {
            c.tier = 1;
            bool isDraw = caseId == CaseLib.caseId(id, CaseLib.DRAW_KEY);
            if (isDraw) c.startItem = CaseLib.startItem(seed, id, spec.items);
        }
        c.status = CaseStatus.Commit;
        c.since = uint40(block.timestamp);
        _cases[caseId] = c;

        Drawing memory drawing = Drawing(seed, caseId, submittedAt, spec.client, frozen.provider);
        uint32[] memory seats = _drawPanel(spec.model, isSecond, drawing);
        emit CaseSeated(caseId, c.tier, seed, c.startItem, seats);

        if (seats.length == 0) _finish(caseId, spec, frozen, Verdict.NoQuorum, Faults(0, 0));
    }

    /// @notice Draws the seats of a tier.
    /// @return seats In order of their positions; zeros at the end where the panel had too few, none where it had too few to judge.
    function _drawPanel(ModelId model, bool isSecond, Drawing memory drawing) private returns (uint32[] memory seats) {
        seats = new uint32[](isSecond ? CaseLib.SECOND_TIER_SEATS : CaseLib.FIRST_TIER_SEATS);
        PanelSlot[] storage slots = _panels[model].slots;
        uint256 length = _slotsAt(slots, drawing.submittedAt);
        uint256 packed = _packedSeats[drawing.caseId];
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 position = isSecond ? CaseLib.FIRST_TIER_SEATS + i : i;
            uint32 seat = _drawSeat(slots, length, drawing, packed, position);
            if (seat == 0) break;
            seats[i] = seat;
            packed = CaseLib.withSeat(packed, position, seat);
        }
        // Whoever was drawn onto a panel that does not come about owes nothing.
        if (seats[(isSecond ? CaseLib.QUORUM : CaseLib.FIRST_TIER_SEATS) - 1] == 0) return new uint32[](0);
        _packedSeats[drawing.caseId] = packed;
    }
}
