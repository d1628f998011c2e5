// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus, Verdict} from "../../../contracts/interfaces/ICaseNotices.sol";
import {Answer} from "../../../contracts/interfaces/IDemands.sol";
import {JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {PanelSlot} from "../../../contracts/interfaces/ISeats.sol";
import {CaseLib} from "../../../contracts/libraries/CaseLib.sol";
import {LeafLib} from "../../../contracts/libraries/LeafLib.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {Trees} from "../solidity/Trees.sol";
import {Words} from "../solidity/Words.sol";
import {vm} from "../solidity/Vm.sol";
import {Books, Foresight, Outlook} from "./Foresight.sol";
import {Matter, Secret, Trial} from "./CourtGhost.sol";

/// @title Benches
/// @notice Who may sit, what seats say, and what providers can show.
abstract contract Benches is Foresight {
    /// @dev How many seats could be drawn for a matter now, besides those that sit already.
    function _eligible(Matter storage m, uint32[12] memory sitting) internal view returns (uint256 count) {
        PanelSlot[] memory slots = tribunal.panelOf(model);
        for (uint256 i = 0; i < slots.length; ++i) {
            if (!_isEligible(m, slots[i])) continue;
            bool sits = false;
            for (uint256 j = 0; j < 12; ++j) sits = sits || sitting[j] == slots[i].seat;
            if (!sits) ++count;
        }
    }

    function _isEligible(Matter storage m, PanelSlot memory slot) internal view returns (bool) {
        if (slot.joinedAt + uint256(courtParameters().seatMinAge) > m.submittedAt) return false;
        if (stakes[slot.seat] < courtParameters().seatStake) return false;
        if (slot.leftAt == 0) return true;
        uint256 stays = slot.leftAt + uint256(courtParameters().seatUnbonding);
        return slot.leftAt > m.submittedAt && stays >= _now() + _longest();
    }

    function _longest() internal pure returns (uint256) {
        uint256 round = uint256(courtParameters().commitWindow) + courtParameters().revealWindow;
        uint256 waits = 12 * (uint256(courtParameters().commitWindow) + courtParameters().answerWindow);
        return waits + 2 * round + courtParameters().appealWindow;
    }

    /// @dev A panel was to be drawn: it sits, or is pinned anew, or was too small, and then nobody of it loses.
    function _seats(Trial memory trial, uint32[12] memory sitting, Books memory b, bool readable) internal {
        Case memory c = tribunal.caseOf(trial.id);
        Matter storage m = matters[trial.matter];
        uint256 needed = c.tier == 2 ? 6 : 3;
        uint256 there = _eligible(m, sitting);
        _reach(
            c.status == CaseStatus.Pinned
                ? "pinned"
                : c.tier == 2
                    ? "second tier"
                    : "first tier"
        );
        _holds((c.status == CaseStatus.Pinned) == !readable, "pinned by a seed that can be read");
        if (!readable) return;
        _holds((c.status == CaseStatus.Closed) == (there < needed), "too small a panel");
        if (c.status == CaseStatus.Closed) {
            _reach("too small a panel");
            _ended(b, m, c, sitting, Outlook(true, Verdict.NoQuorum, 0, 0));
        } else {
            _areSeatedRightly(m, c, tribunal.seatsOf(trial.id), sitting, there);
        }
        _areKept(b, _booksOf(m, OPENER), "seating");
    }

    function _areSeatedRightly(
        Matter storage m,
        Case memory c,
        uint32[12] memory seats,
        uint32[12] memory before,
        uint256 there
    ) private {
        (uint256 from, uint256 until) = c.tier == 2 ? (uint256(3), uint256(12)) : (uint256(0), uint256(3));
        for (uint256 i = 0; i < 12; ++i) {
            bool isFresh = i >= from && i < until;
            if (!isFresh) _holds(seats[i] == before[i], "a seat of the other tier moved");
            if (!isFresh || seats[i] == 0) continue;
            there -= 1;
            bool isKnown = false;
            for (uint256 j = 0; j < i; ++j) _holds(seats[j] != seats[i], "one seat sits twice");
            PanelSlot[] memory slots = tribunal.panelOf(model);
            for (uint256 j = 0; j < slots.length; ++j) {
                isKnown = isKnown || (slots[j].seat == seats[i] && _isEligible(m, slots[j]));
            }
            _holds(isKnown, "a seat that may not judge");
        }
        _holds(there == 0 || seats[until - 1] != 0, "an empty place");
    }

    /// @dev What a seat says. Hostile ones lie together or each for itself, are absent, or say the truth.
    function _secretOf(Trial memory trial, uint256 seat) internal view returns (Secret memory) {
        uint256 word = _isHonest(seat) ? 0 : _mood(trial.id, seat);
        bytes32 salt = keccak256(abi.encode("salt", trial.id, seat));
        bool isOver = matters[trial.matter].cheats != (word == 1);
        int16[16] memory lanes;
        lanes[0] = 512;
        lanes[1] = int16(int256(uint256(salt) % 30));
        lanes[2] = (isOver ? int16(3_000) : int16(-60)) + int16(int256(uint256(salt >> 8) % 100));
        lanes[3] = (isOver ? int16(4_000) : int16(200)) + int16(int256(uint256(salt >> 16) % 150));
        for (uint256 i = 4; i < 16; ++i) {
            int16 truth = int16(uint16(uint256(keccak256(abi.encode(trial.id, i))) % 20_000));
            lanes[i] = truth + int16(int256(uint256(salt >> (8 * i)) % 16));
        }
        if (word == 2) lanes[uint256(salt) % 16] += 5_000;
        if (word == 3) lanes[2 + (uint256(salt) % 2)] += 180;
        return Secret(Words.pack(lanes), salt);
    }

    /// @dev 0, 3: the truth. 1: the contrary. 2: noise. 4: no word. 5: a word that is not revealed. 6: one that is told early.
    function _mood(bytes32 caseId, uint256 seat) internal pure returns (uint256) {
        uint256 gang = uint256(keccak256(abi.encode(caseId))) % 3;
        uint256 own = uint256(keccak256(abi.encode(caseId, seat))) % 7;
        return
            gang == 0
                ? 1
                : gang == 1
                    ? 4 + (own % 2)
                    : own;
    }

    function _output(JobId id, uint256 item) private pure returns (bytes memory) {
        return abi.encode("output", id, item);
    }

    /// @dev 58 entries and a bit: nine items cover the tokens of a case.
    function _trace(JobId id, uint256 item) internal pure returns (bytes memory) {
        return abi.encodePacked(id, item, new bytes(3_000));
    }

    function _traceRoot(JobId id, uint256 item) private pure returns (bytes32) {
        return LeafLib.traceLeaf(0, keccak256(_trace(id, item)));
    }

    function _requests(uint256 items) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](items);
        for (uint256 i = 0; i < items; ++i) leaves[i] = LeafLib.inputLeaf(i, keccak256(abi.encode("request", i)));
    }

    function _results(JobId id, address provider, uint256 items) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](items);
        for (uint256 i = 0; i < items; ++i) {
            leaves[i] = LeafLib.resultLeaf(id, provider, i, keccak256(_output(id, i)), _traceRoot(id, i));
        }
    }

    /// @dev All that a demand for an item can ask.
    function _answerTo(Matter storage m, uint256 item) internal view returns (Answer memory data) {
        data.outputHash = keccak256(_output(m.id, item));
        data.traceRoot = _traceRoot(m.id, item);
        data.resultProof = Trees.proof(_results(m.id, m.frozen.provider, m.spec.items), item);
        data.inputProof = Trees.proof(_requests(m.spec.items), item);
        data.request = abi.encode("request", item);
        data.output = _output(m.id, item);
        data.trace = _trace(m.id, item);
    }

    /// @dev The draw, by the rule of the protocol's document.
    function _isDrawn(Matter storage m) internal view returns (bool) {
        uint256 anchor = m.frozen.submitBlock + uint256(courtParameters().drawDelay);
        if (vm.getBlockNumber() <= anchor || !m.frozen.verified || _isReceipt(m)) return false;
        return blockhash(anchor) == 0 || _draws(m, anchor);
    }

    /// @dev Whether the hash of a block draws a job.
    function _draws(Matter storage m, uint256 anchor) internal view returns (bool) {
        uint256 ticket = uint256(keccak256(abi.encode(blockhash(anchor), m.id, "draw")));
        return ticket % courtParameters().auditValue < m.spec.price;
    }
}
