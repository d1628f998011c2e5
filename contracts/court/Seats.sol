// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISeats, ModelTerms, PanelSlot, Seat, Tolerances} from "../interfaces/ISeats.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {ModelLib} from "../libraries/ModelLib.sol";
import {ModelId} from "../types/ModelId.sol";
import {Bench} from "./Bench.sol";

/// @title Seats
/// @notice Validators, what they answer with, what they earn, and the panels they sit on.
abstract contract Seats is ISeats, Bench {
    using DeadlineLib for uint256;
    using ModelLib for ModelTerms;
    using ModelLib for Tolerances;

    /// @dev So many slots can be looked through in one transaction.
    uint256 private constant MAX_PANEL = 256;

    modifier onlyOperatorOfSeat(address owner) {
        require(_isSeatOperator(owner, msg.sender), SeatsNotOperator(owner, msg.sender));
        _;
    }

    /// @inheritdoc ISeats
    function stakeSeat(uint64 amount) external returns (uint32 seat) {
        seat = _seatOf[msg.sender];
        if (seat == 0) {
            require(_seatCount < CaseLib.MAX_SEATS, SeatsFull());
            seat = ++_seatCount;
            _seatOf[msg.sender] = seat;
            _seats[seat].owner = msg.sender;
        }
        uint64 stake = _seats[seat].stake + amount;
        require(stake >= SEAT_STAKE, SeatsBelowStake(stake, SEAT_STAKE));
        _seats[seat].stake = stake;
        _market.collect(msg.sender, amount);

        emit SeatStaked(seat, msg.sender, amount);
    }

    /// @inheritdoc ISeats
    function withdrawSeat() external {
        uint32 seat = _seatOf[msg.sender];
        uint64 amount = _seats[seat].stake;
        Service memory service = _services[seat];
        uint256 withdrawableAt = uint256(service.leftAt) + SEAT_UNBONDING;
        bool isFree = service.panels == 0 && (service.leftAt == 0 || withdrawableAt.hasPassed());
        require(amount > 0 && isFree, SeatsNotWithdrawable(msg.sender, service.panels, withdrawableAt));

        _seats[seat].stake = 0;
        _market.pay(msg.sender, amount);

        emit SeatWithdrawn(seat, msg.sender, amount);
    }

    /// @inheritdoc ISeats
    function openPanel(ModelTerms calldata terms) external returns (ModelId model) {
        require(terms.tolerances.areSound(), SeatsInvalidTolerances());
        model = terms.modelId();
        Panel storage panel = _panels[model];
        require(panel.tolerances.probeTolerance == 0, SeatsPanelOpen(model));

        panel.tolerances = terms.tolerances;

        emit PanelOpened(model, terms);
    }

    /// @inheritdoc ISeats
    function joinPanel(address owner, ModelId model) external onlyOperatorOfSeat(owner) returns (uint256 slot) {
        uint32 seat = _seatOf[owner];
        require(_seats[seat].stake >= SEAT_STAKE, SeatsNotSeated(owner));
        Panel storage panel = _panels[model];
        require(panel.tolerances.probeTolerance > 0, SeatsNoPanel(model));

        slot = _ownSlot(panel, model, seat);
        panel.slots[slot].seat = seat;
        panel.slots[slot].joinedAt = uint40(block.timestamp);
        panel.slots[slot].leftAt = 0;
        panel.places[seat] = slot + 1;
        ++_services[seat].panels;

        emit PanelJoined(model, seat, slot);
    }

    /// @inheritdoc ISeats
    function leavePanel(address owner, ModelId model) external onlyOperatorOfSeat(owner) {
        uint32 seat = _seatOf[owner];
        Panel storage panel = _panels[model];
        uint256 place = panel.places[seat];
        require(place > 0 && _isServing(panel.slots[place - 1], seat), SeatsNotJoined(model, seat));

        uint40 timestamp = uint40(block.timestamp);
        panel.slots[place - 1].leftAt = timestamp;
        _services[seat] = Service({panels: _services[seat].panels - 1, leftAt: timestamp});

        emit PanelLeft(model, seat, place - 1);

        refreshPanel(model);
    }

    /// @inheritdoc ISeats
    function claim(address account) external returns (uint256 paid) {
        uint256 credit = _credits[account];
        paid = _market.payFromPool(account, credit);
        require(paid > 0, SeatsNothingToClaim(account, credit));

        _credits[account] = credit - paid;

        emit Claimed(account, paid);
    }

    /// @inheritdoc ISeats
    function seatOf(address owner) external view returns (uint32) {
        return _seatOf[owner];
    }

    /// @inheritdoc ISeats
    function seatAt(uint32 seat) external view returns (Seat memory) {
        return _seats[seat];
    }

    /// @inheritdoc ISeats
    function panelOf(ModelId model) external view returns (PanelSlot[] memory) {
        return _panels[model].slots;
    }

    /// @inheritdoc ISeats
    function tolerancesOf(ModelId model) external view returns (Tolerances memory) {
        return _panels[model].tolerances;
    }

    /// @inheritdoc ISeats
    function creditOf(address account) external view returns (uint256) {
        return _credits[account];
    }

    /// @inheritdoc ISeats
    function refreshPanel(ModelId model) public returns (bool verified) {
        PanelSlot[] storage slots = _panels[model].slots;
        uint256 length = slots.length;
        uint256 count = 0;
        for (uint256 i = 0; i < length && count < MIN_PANEL; ++i) {
            PanelSlot memory slot = slots[i];
            bool isOld = (uint256(slot.joinedAt) + SEAT_MIN_AGE).hasPassed();
            if (slot.leftAt == 0 && isOld && _seats[slot.seat].stake >= SEAT_STAKE) ++count;
        }
        verified = count == MIN_PANEL;
        if (verified != _market.isVerified(model)) _market.setVerified(model, verified);
    }

    function _isServing(PanelSlot storage slot, uint32 seat) private view returns (bool) {
        return slot.seat == seat && slot.leftAt == 0;
    }

    /// @dev A seat has one slot at a time, so that nobody fills a panel by coming and going.
    function _ownSlot(Panel storage panel, ModelId model, uint32 seat) private returns (uint256 slot) {
        uint256 place = panel.places[seat];
        if (place == 0 || panel.slots[place - 1].seat != seat) return _freeSlot(panel, model);
        slot = place - 1;
        uint40 leftAt = panel.slots[slot].leftAt;
        require(leftAt != 0, SeatsAlreadyJoined(model, seat));
        uint256 joinableAt = uint256(leftAt) + SEAT_UNBONDING;
        require(joinableAt.hasPassed(), SeatsTooSoon(model, seat, joinableAt));
    }

    /// @dev A new slot, or, on a full panel, one whose last seat cannot be drawn any more.
    function _freeSlot(Panel storage panel, ModelId model) private returns (uint256 slot) {
        slot = panel.slots.length;
        if (slot < MAX_PANEL) {
            panel.slots.push().createdAt = uint40(block.timestamp);
            return slot;
        }
        for (slot = 0; slot < MAX_PANEL; ++slot) {
            uint40 leftAt = panel.slots[slot].leftAt;
            if (leftAt != 0 && (uint256(leftAt) + SEAT_UNBONDING).hasPassed()) return slot;
        }
        revert SeatsPanelFull(model);
    }
}
