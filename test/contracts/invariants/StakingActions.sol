// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Award, IStaking} from "../../../contracts/interfaces/IStaking.sol";
import {Call, Rule} from "./Ghost.sol";
import {LedgerActions} from "./LedgerActions.sol";

/// @title StakingActions
/// @notice Providers stake, leave and rotate keys; the court slashes them.
abstract contract StakingActions is LedgerActions {
    mapping(address provider => uint256) private withdrawableAt;

    function stake(uint256 seed) external drawn(seed) {
        address provider = _actor();
        uint256 balance = accountOf(provider).balance;
        uint256 amount = _amount(balance);
        bool allowed = amount > 0 && amount <= balance;
        _moves(_plain("stake", provider, abi.encodeCall(IStaking.stake, (amount)), allowed), 0);
    }

    function requestUnstake(uint256 seed) external drawn(seed) {
        address provider = _actor();
        uint256 staked = accountOf(provider).stake;
        uint256 amount = _onceIn(2) ? _amount(staked) : _toTheEdge(staked, exposureOf(provider));
        uint256 exposure = exposureOf(provider);
        bool allowed = amount > 0 && amount <= staked && _carries(staked - amount, exposure);
        allowed = allowed && (exposure == 0 || staked - amount >= parameters().minStake);
        bytes memory data = abi.encodeCall(IStaking.requestUnstake, (amount));
        Call memory c = _plain("request unstake", provider, data, allowed);
        c.rule = Rule.Exposure;
        if (_moves(c, 0)) withdrawableAt[provider] = _now() + parameters().unbondingPeriod;
    }

    function withdrawStake(uint256 seed) external drawn(seed) {
        address provider = _leaver();
        _ripen(withdrawableAt[provider]);
        bool allowed = market.unbondingOf(provider).amount > 0 && _now() >= withdrawableAt[provider];
        bytes memory data = abi.encodeCall(IStaking.withdrawStake, (provider));
        Call memory c = _plain("withdraw stake", _anyone(), data, allowed);
        c.rule = Rule.Unbonding;
        _moves(c, 0);
    }

    function setOperator(uint256 seed) external drawn(seed) {
        address provider = _actor();
        address operator = _onceIn(16) ? provider : operators[_below(OPERATORS)];
        uint256 until = _onceIn(4) ? _now() - _below(2) : _now() + _below(1 days);
        Interval storage interval = intervals[provider][operator];
        bool fresh = interval.from == 0;
        bool allowed = operator != provider && _now() < (fresh ? until : interval.until);
        bytes memory data = abi.encodeCall(IStaking.setOperator, (operator, uint40(until)));
        if (!_moves(_plain("set operator", provider, data, allowed), 0)) return;
        if (fresh) interval.from = _now();
        interval.until = until < _now() ? _now() : until;
    }

    function updateProvider(uint256 seed) external drawn(seed) {
        address provider = _actor();
        address caller = _handOf(provider);
        bytes memory data = abi.encodeCall(IStaking.updateProvider, (provider, "https://card"));
        _moves(_plain("update provider", caller, data, _isHandOf(provider, caller)), 0);
    }

    function slash(uint256 seed) external drawn(seed) {
        address provider = _actor();
        uint256 there = _atStake(provider);
        uint256 amount = _onceIn(8) ? there + 1 - _below(there - accountOf(provider).stake + 2) : _below(there / 8 + 1);
        uint256 taken = _least(amount, there);
        (Award[] memory awards, uint256 sum) = _awards(provider, taken);
        address caller = _onceIn(16) ? _anyone() : address(court);
        bytes memory data = abi.encodeCall(IStaking.slash, (provider, amount, awards));
        Call memory c = Call("slash", caller, data, sum * 2 <= taken, Rule.Slashes, provider, taken);
        if (caller != address(court)) c.allowed = false;
        uint256 ashes = accountOf(BURN_ACCOUNT).balance;
        (bool done, int256 moved) = _perform(c);
        _holds(Rule.Slashes, moved == (done ? -int256(taken - sum) : int256(0)), "slash moved");
        if (!done) return;
        _holds(Rule.Unbonding, _atStake(provider) == there - taken, "slash left");
        slashed += taken;
        awarded += sum;
        burned += accountOf(BURN_ACCOUNT).balance - ashes;
    }

    /// @dev Mostly within half of what is taken. The self-dealer is awarded its own slashes.
    function _awards(address provider, uint256 taken) private returns (Award[] memory awards, uint256 sum) {
        awards = new Award[](2);
        awards[0] = Award(_peerOf(provider), uint64(_below(taken / 4 + 1)));
        awards[1] = Award(_peerOf(provider), uint64(_onceIn(8) ? taken / 2 + 1 : _below(taken / 4 + 1)));
        sum = uint256(awards[0].amount) + awards[1].amount;
    }

    function _atStake(address provider) internal view returns (uint256) {
        return uint256(accountOf(provider).stake) + market.unbondingOf(provider).amount;
    }

    /// @dev What leaves just as much as must stay, or as accepting needs, or one unit too little.
    function _toTheEdge(uint256 staked, uint256 exposure) private returns (uint256) {
        uint256 share = parameters().exposureShare;
        uint256 edge = _onceIn(4) ? parameters().minStake : (exposure * 10_000 + share - 1) / share;
        return (staked > edge ? staked - edge : 0) + _below(2);
    }

    /// @dev Whether so much stake may carry so much exposure.
    function _carries(uint256 staked, uint256 exposure) internal pure returns (bool) {
        return exposure * 10_000 <= staked * parameters().exposureShare;
    }
}
