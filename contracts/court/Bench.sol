// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISeats, PanelSlot, Seat, Tolerances} from "../interfaces/ISeats.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {ModelId} from "../types/ModelId.sol";
import {CourtBase} from "./CourtBase.sol";

/// @title Bench
/// @notice The seats and panels as the rooms of the court share them: who is drawn, fined, credited.
abstract contract Bench is CourtBase {
    /// @dev On how many panels a seat sits, and when it left the last one.
    struct Service {
        uint16 panels;
        uint40 leftAt;
    }

    struct Panel {
        Tolerances tolerances;
        PanelSlot[] slots;
        /// Slot of each seat that sits, plus one.
        mapping(uint32 seat => uint256) places;
    }

    uint32 internal _seatCount;
    mapping(address owner => uint32 seat) internal _seatOf;
    mapping(uint32 seat => Seat) internal _seats;
    mapping(uint32 seat => Service) internal _services;
    mapping(ModelId model => Panel) internal _panels;
    mapping(address account => uint256) internal _credits;

    /// @dev Draws a seat for a position, probing from the slot that the seed names. Only those judge that sat on the panel
    /// long enough before the result was there, and whose stake stays until the case is over.
    /// @return The seat's number; zero if there is none.
    function _drawSeat(
        ModelId model,
        uint256 startSlot,
        uint256 length,
        uint256 submittedAt,
        uint256 packed,
        address[2] memory parties
    ) internal view returns (uint32) {
        PanelSlot[] storage slots = _panels[model].slots;
        for (uint256 i = 0; i < length; ++i) {
            PanelSlot memory slot = slots[(startSlot + i) % length];
            if (uint256(slot.joinedAt) + SEAT_MIN_AGE > submittedAt) continue;
            if (slot.leftAt != 0 && !_staysAfter(slot.leftAt, submittedAt)) continue;
            if (CaseLib.isSeated(packed, slot.seat)) continue;
            Seat memory seat = _seats[slot.seat];
            bool isParty = seat.owner == parties[0] || seat.owner == parties[1];
            if (!isParty && seat.stake >= SEAT_STAKE) return slot.seat;
        }
        return 0;
    }

    /// @dev How many slots the panel had when a seat could last join to judge what was submitted then: what is added later
    /// must not turn the draw.
    function _slotsAt(ModelId model, uint256 submittedAt) internal view returns (uint256 length) {
        PanelSlot[] storage slots = _panels[model].slots;
        uint256 end = slots.length;
        while (length < end) {
            uint256 middle = Math.average(length, end);
            if (uint256(slots[middle].createdAt) + SEAT_MIN_AGE > submittedAt) end = middle;
            else length = middle + 1;
        }
    }

    function _credit(address account, uint256 amount) internal {
        _credits[account] += amount;
    }

    /// @dev Takes up to `amount` of a seat's stake; it stays in the court's account until it is given to somebody.
    function _penalise(uint32 number, bytes32 caseId, uint256 amount) internal returns (uint256 taken) {
        Seat storage seat = _seats[number];
        taken = Math.min(amount, seat.stake);
        seat.stake -= uint64(taken);

        emit ISeats.SeatPenalised(number, caseId, taken);
    }

    function _isSeatOperator(address owner, address caller) internal view returns (bool) {
        return owner != address(0) && (caller == owner || _market.isOperator(owner, caller));
    }

    function _staysAfter(uint40 leftAt, uint256 submittedAt) private view returns (bool) {
        return leftAt > submittedAt && uint256(leftAt) + SEAT_UNBONDING >= block.timestamp + LONGEST_CASE;
    }
}
