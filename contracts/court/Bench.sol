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
    /// @dev What a panel is drawn by, and who may not sit on it.
    struct Drawing {
        bytes32 seed;
        bytes32 caseId;
        uint256 submittedAt;
        address client;
        address provider;
    }

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

    /// @notice Draws a seat for a position: at first slot by slot as the seed names them, then, on a panel of which few are left,
    /// whoever comes first.
    /// @param length How many slots may be drawn from.
    /// @return seat Its number; zero if there is none.
    function _drawSeat(
        PanelSlot[] storage slots,
        uint256 length,
        Drawing memory drawing,
        uint256 packed,
        uint256 position
    ) internal view returns (uint32 seat) {
        for (uint256 i = 0; seat == 0 && i < 2 * length; ++i) {
            uint256 slot = i < length ? CaseLib.slotOf(drawing.seed, drawing.caseId, position, i, length) : i - length;
            seat = _eligible(slots[slot], drawing);
            if (CaseLib.isSeated(packed, seat)) seat = 0;
        }
    }

    /// @notice Only those judge that sat on the panel long enough before the result was there, and whose stake stays until the case
    /// is over.
    /// @return The number of the seat in a slot; zero if it may not judge.
    function _eligible(PanelSlot memory slot, Drawing memory drawing) private view returns (uint32) {
        uint256 submittedAt = drawing.submittedAt;
        if (uint256(slot.joinedAt) + SEAT_MIN_AGE > submittedAt) return 0;
        if (slot.leftAt != 0 && !_staysAfter(slot.leftAt, submittedAt)) return 0;
        Seat memory seat = _seats[slot.seat];
        bool isParty = seat.owner == drawing.client || seat.owner == drawing.provider;
        return isParty || seat.stake < SEAT_STAKE ? 0 : slot.seat;
    }

    /// @dev How many slots the panel had when a seat could last join to judge what was submitted then: what is added later
    /// must not turn the draw.
    function _slotsAt(PanelSlot[] storage slots, uint256 submittedAt) internal view returns (uint256 length) {
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
