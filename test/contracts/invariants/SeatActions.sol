// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ISeats, PanelSlot} from "../../../contracts/interfaces/ISeats.sol";
import {DemandActions} from "./DemandActions.sol";

/// @title SeatActions
/// @notice Seats come and go, claim what they earned, and fill up what they lost.
abstract contract SeatActions is DemandActions {
    mapping(uint256 seat => uint256) private leftAt;
    mapping(uint256 seat => bool) internal isAway;

    function leavePanel(uint256 seed) external drawn(seed) {
        if (!_onceIn(3)) return;
        uint256 seat = 1 + _below(SEATS);
        _leaves(seat, !_onceIn(6));
    }

    /// @dev All seats but the first ones leave.
    function _desert(uint256 left) internal {
        for (uint256 seat = left + 1; seat <= SEATS; ++seat) if (!isAway[seat]) _leaves(seat, true);
    }

    /// @dev All that are away come back.
    function _return() internal {
        for (uint256 seat = 1; seat <= SEATS; ++seat) if (isAway[seat]) _joins(seat, true);
    }

    function _leaves(uint256 seat, bool isItsOwn) private {
        address caller = isItsOwn ? seatKey(seat) : seatOwner(seat + 1);
        bytes memory data = abi.encodeCall(ISeats.leavePanel, (seatOwner(seat), model));
        (bool done, ) = _perform("leave panel", caller, address(tribunal), data, isItsOwn && !isAway[seat]);
        if (!done) return;
        (isAway[seat], leftAt[seat]) = (true, _now());
        _isVerifiedRightly(false);
    }

    /// @notice Seats come back, fill up or leave for good; someone refreshes, claims or gives.
    function manage(uint256 seed) external drawn(seed) {
        uint256 kind = _below(8);
        if (kind < 2) _joinPanel();
        else if (kind < 4) _stakeSeat();
        else if (kind == 4) _withdrawSeat();
        else if (kind == 5) _refreshPanel();
        else if (kind == 6) _claims();
        else _fundPool();
    }

    function _joinPanel() private {
        _joins(_awayOne(), !_onceIn(6));
    }

    function _joins(uint256 seat, bool isItsOwn) private {
        address caller = isItsOwn ? seatKey(seat) : seatOwner(seat + 1);
        bool allowed = isItsOwn && isAway[seat] && stakes[seat] >= courtParameters().seatStake;
        allowed = allowed && _now() >= leftAt[seat] + courtParameters().seatUnbonding;
        uint256 length = tribunal.panelOf(model).length;
        bytes memory data = abi.encodeCall(ISeats.joinPanel, (seatOwner(seat), model));
        (bool done, ) = _perform("join panel", caller, address(tribunal), data, allowed);
        if (done) isAway[seat] = false;
        _holds(tribunal.panelOf(model).length == length, "a seat took a second slot");
    }

    function _stakeSeat() private {
        uint256 seat = _poorOne();
        uint256 least = courtParameters().seatStake;
        uint256 lacking = stakes[seat] < least ? least - stakes[seat] : 0;
        uint256 amount = lacking + _below(2);
        if (_onceIn(3) && lacking > 0) amount = lacking - 1;
        bool allowed = stakes[seat] + amount >= least && amount <= accountOf(seatOwner(seat)).balance;
        bytes memory data = abi.encodeCall(ISeats.stakeSeat, (uint64(amount)));
        (bool done, ) = _perform("stake seat", seatOwner(seat), address(tribunal), data, allowed);
        if (done) stakes[seat] += amount;
    }

    function _withdrawSeat() private {
        uint256 seat = _awayOne();
        bool allowed = isAway[seat] && stakes[seat] > 0;
        allowed = allowed && _now() >= leftAt[seat] + courtParameters().seatUnbonding;
        uint256 balance = accountOf(seatOwner(seat)).balance;
        bytes memory data = abi.encodeCall(ISeats.withdrawSeat, ());
        (bool done, ) = _perform("withdraw seat", seatOwner(seat), address(tribunal), data, allowed);
        if (!done) return;
        _holds(accountOf(seatOwner(seat)).balance == balance + stakes[seat], "withdrawn");
        stakes[seat] = 0;
    }

    function _refreshPanel() internal {
        bytes memory data = abi.encodeCall(ISeats.refreshPanel, (model));
        _perform("refresh panel", STRANGER, address(tribunal), data, true);
        _isVerifiedRightly(true);
    }

    /// @dev Many at once, so that the pool does not always reach for all.
    function _claims() private {
        for (uint256 i = _below(SEATS); i > 0; --i) _claim();
    }

    function _claim() private {
        address account = _creditor();
        uint256 pool = market.pool();
        uint256 paid = credits[account] < pool ? credits[account] : pool;
        uint256 balance = accountOf(account).balance;
        bytes memory data = abi.encodeCall(ISeats.claim, (account));
        (bool done, ) = _perform("claim", STRANGER, address(tribunal), data, paid > 0);
        if (!done) return;
        if (paid < credits[account]) _reach("claimed a part");
        credits[account] -= paid;
        _holds(market.pool() == pool - paid, "claimed from the pool");
        _holds(accountOf(account).balance == balance + paid, "claimed");
    }

    function _fundPool() private {
        uint256 amount = 1 + _below(5_000);
        bytes memory data = abi.encodeCall(ILedger.fundPool, (amount));
        _perform("fund pool", clientAt(_below(CLIENTS)), address(market), data, true);
        if (market.pool() == amount) _claim();
    }

    /// @dev Whether the market says of the model what the panel says. A departure alone makes no model verified.
    function _isVerifiedRightly(bool isFresh) private {
        PanelSlot[] memory slots = tribunal.panelOf(model);
        uint256 count = 0;
        for (uint256 i = 0; i < slots.length; ++i) {
            bool isOld = _now() >= slots[i].joinedAt + uint256(courtParameters().seatMinAge);
            bool isWhole = stakes[slots[i].seat] >= courtParameters().seatStake;
            if (isOld && isWhole && slots[i].leftAt == 0) ++count;
        }
        bool isEnough = count >= courtParameters().minPanel;
        _holds(market.isVerified(model) == isEnough, isFresh ? "refreshed wrongly" : "left wrongly");
        if (!isEnough) _reach("unverified");
    }

    /// @dev Somebody who earned something, where there is one.
    function _creditor() private returns (address account) {
        uint256 start = _below(SEATS + 1);
        if (start == 0) return OPENER;
        for (uint256 i = 0; i < SEATS; ++i) {
            account = seatOwner(1 + ((start + i) % SEATS));
            if (credits[account] > 0) return account;
        }
    }

    /// @dev A seat that left, where there is one.
    function _awayOne() private returns (uint256 seat) {
        uint256 start = _below(SEATS);
        for (uint256 i = 0; i < SEATS; ++i) {
            seat = 1 + ((start + i) % SEATS);
            if (isAway[seat]) return seat;
        }
    }

    /// @dev A seat that lost stake, where there is one.
    function _poorOne() private returns (uint256 seat) {
        uint256 start = _below(SEATS);
        for (uint256 i = 0; i < SEATS; ++i) {
            seat = 1 + ((start + i) % SEATS);
            if (stakes[seat] < courtParameters().seatStake) return seat;
        }
    }
}
