// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Draw} from "../../../contracts/interfaces/IDraws.sol";
import {Frozen, IJobs, JobRecord, JobSpec, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {vm} from "../solidity/Vm.sol";
import {Call, Rule, Track} from "./Ghost.sol";
import {StakingActions} from "./StakingActions.sol";

/// @title JobActions
/// @notice Clients post and cancel, providers accept, decline and submit, anyone settles and expires.
abstract contract JobActions is StakingActions {
    function post(uint256 seed) external drawn(seed) {
        JobSpec memory spec = _onceIn(16) && ids.length > 0 ? tracks[ids[_below(ids.length)]].spec : _spec();
        if (_onceIn(16)) spec.challengeWindow = uint32(_below(15 minutes));
        address caller = _onceIn(16) ? _anyone() : spec.client;
        JobId id = idOf(spec);
        bool allowed = caller == spec.client && _isListable(id, spec) && spec.price <= accountOf(caller).balance;
        bytes memory data = abi.encodeCall(IJobs.post, (spec, "https://blobs"));
        (bool done, int256 moved) = _perform(_plain("post", caller, data, allowed));
        if (done) _begins(id, spec, JobStatus.Open, moved);
    }

    function postMany(uint256 seed) external drawn(seed) {
        JobSpec[] memory specs = new JobSpec[](3);
        address client = _actor();
        uint256 sum = 0;
        for (uint256 i = 0; i < specs.length; ++i) {
            specs[i] = _spec();
            specs[i].client = client;
            specs[i].provider = client == selfDealer ? client : address(0);
            specs[i].price = uint64(1 + _below(FUNDS / 200));
            if (i < 2) sum += specs[i].price;
        }
        if (_onceIn(2)) specs[2].acceptBy = uint40(_now());
        else specs[2] = specs[0];
        bytes memory data = abi.encodeCall(IJobs.postMany, (specs, new string[](3)));
        bool allowed = sum <= accountOf(client).balance;
        if (!_moves(_plain("post many", client, data, allowed), -int256(sum))) return;
        _begins(idOf(specs[0]), specs[0], JobStatus.Open, -int256(uint256(specs[0].price)));
        _begins(idOf(specs[1]), specs[1], JobStatus.Open, -int256(uint256(specs[1].price)));
    }

    function accept(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.Open);
        Track storage t = tracks[id];
        address provider = t.spec.provider == address(0) || _onceIn(24) ? _peerOf(t.spec.client) : t.spec.provider;
        address caller = _handOf(provider);
        bool named = t.spec.provider == address(0) || t.spec.provider == provider;
        bool open = t.status == JobStatus.Open && _now() < t.spec.acceptBy;
        bool allowed = open && named && _isHandOf(provider, caller) && _mayEngage(provider, t.spec.price);
        bytes memory data = abi.encodeCall(IJobs.accept, (t.spec, provider));
        Call memory c = _plain("accept", caller, data, allowed);
        if (open) c.rule = Rule.Exposure;
        Frozen memory frozen = freeze(t.spec, provider);
        if (!_moves(c, 0)) return;
        t.frozen = frozen;
        _goesOn(id, JobStatus.Accepted, 0);
    }

    function decline(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.Accepted);
        Track storage t = tracks[id];
        (Frozen memory frozen, bool right) = _frozenOf(id);
        address caller = _handOf(frozen.provider);
        _ripen(t.since + parameters().declineGrace);
        bool allowed = right && _isDue(t) && _isHandOf(frozen.provider, caller);
        bool late = _now() >= t.since + parameters().declineGrace;
        bytes memory data = abi.encodeCall(IJobs.decline, (t.spec, frozen));
        Call memory c = _plain(late ? "decline late" : "decline", caller, data, allowed);
        c.loser = t.frozen.provider;
        if (late) c.loss = _shareUp(t.spec.price, parameters().declineShare);
        _refunds(c, id);
    }

    function submit(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.Accepted);
        Track storage t = tracks[id];
        (Frozen memory frozen, bool right) = _frozenOf(id);
        address caller = _handOf(frozen.provider);
        bytes32 root = _onceIn(24) ? bytes32(0) : ROOT;
        bool allowed = right && root != 0 && _isDue(t) && _isHandOf(frozen.provider, caller);
        bytes memory data = abi.encodeCall(IJobs.submit, (id, frozen, root));
        if (!_moves(_plain("submit", caller, data, allowed), 0)) return;
        _deliver(id);
        _goesOn(id, JobStatus.Submitted, 0);
    }

    function settle(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.Submitted);
        (Frozen memory frozen, bool right) = _frozenOf(id);
        _ripen(_deadlineOf(id));
        JobStatus next = _nextOf(id);
        bytes memory data = abi.encodeCall(IJobs.settle, (id, frozen));
        uint256 fees = accountOf(frozen.provider).fees;
        bool allowed = right && next != JobStatus.None;
        (bool done, int256 moved) = _perform(_plain("settle", _anyone(), data, allowed));
        if (!done) return;
        if (next == JobStatus.Settled) _rounds(frozen.price, accountOf(frozen.provider).fees - fees);
        _goesOn(id, next, moved);
    }

    function settleMany(uint256 seed) external drawn(seed) {
        JobRecord[] memory records = new JobRecord[](5);
        bool[] memory right = new bool[](5);
        for (uint256 i = 0; i < records.length; ++i) {
            records[i].id = _job(JobStatus.Submitted);
            (records[i].frozen, right[i]) = _frozenOf(records[i].id);
        }
        _ripen(_deadlineOf(records[0].id));
        bytes memory data = abi.encodeCall(IJobs.settleMany, (records));
        (, int256 moved) = _perform(_plain("settle many", _anyone(), data, true));
        for (uint256 i = 0; i < records.length; ++i) {
            JobId id = records[i].id;
            JobStatus next = _nextOf(id);
            if (!right[i] || next == JobStatus.None) continue;
            int256 price = next == JobStatus.Settled ? int256(uint256(tracks[id].spec.price)) : int256(0);
            moved -= price;
            _goesOn(id, next, price);
        }
        _holds(Rule.Flows, moved == 0, "settle many");
    }

    function cancel(uint256 seed) external drawn(seed) {
        if (_below(3) > 0) return;
        JobId id = _job(JobStatus.Open);
        Track storage t = tracks[id];
        address caller = _onceIn(4) ? _anyone() : t.spec.client;
        bool allowed = caller == t.spec.client && t.status == JobStatus.Open;
        bytes memory data = abi.encodeCall(IJobs.cancel, (t.spec));
        (bool done, int256 moved) = _perform(_plain("cancel", caller, data, allowed));
        if (done) _goesOn(id, JobStatus.Refunded, moved);
    }

    function expire(uint256 seed) external drawn(seed) {
        JobId id = _job(_onceIn(2) ? JobStatus.Open : JobStatus.Accepted);
        Track storage t = tracks[id];
        (Frozen memory frozen, bool right) = _frozenOf(id);
        _ripen(_deadlineOf(id));
        bool opened = t.status == JobStatus.Open;
        bool carried = t.status == JobStatus.Accepted;
        bool allowed = (opened || (carried && right)) && _now() >= _deadlineOf(id);
        bytes memory data = abi.encodeCall(IJobs.expire, (t.spec, frozen));
        Call memory c = _plain(opened ? "expire open" : "expire accepted", _anyone(), data, allowed);
        if (carried) (c.loser, c.loss) = (t.frozen.provider, _penalty(t.spec.price));
        _refunds(c, id);
    }

    /// @dev The call, if it is done, repays the client and takes the loss from the loser's stake, as far as there is any; four
    /// fifths of that go to the pool.
    function _refunds(Call memory c, JobId id) private {
        uint256 there = _atStake(c.loser);
        (bool done, int256 moved) = _perform(c);
        if (!done) return;
        uint256 taken = there - _atStake(c.loser);
        _holds(Rule.Losses, taken == _least(c.loss, there), c.name);
        uint256 rest = taken - taken / 5;
        given += rest;
        _goesOn(id, JobStatus.Refunded, moved + int256(rest));
    }

    /// @dev What the slot remembers from the submit on.
    function _deliver(JobId id) internal {
        tracks[id].frozen.resultRoot = ROOT;
        tracks[id].frozen.submitBlock = uint64(vm.getBlockNumber());
    }

    function _mayEngage(address provider, uint256 price) internal view returns (bool) {
        uint256 staked = accountOf(provider).stake;
        return staked >= parameters().minStake && _carries(staked, exposureOf(provider) + price);
    }

    function _isListable(JobId id, JobSpec memory spec) internal view returns (bool) {
        bool fresh = tracks[id].status == JobStatus.None && _now() < spec.acceptBy;
        return fresh && spec.challengeWindow >= parameters().minChallengeWindow;
    }

    /// @dev What settling would lead to now; none where it must be refused.
    function _nextOf(JobId id) private view returns (JobStatus) {
        Track storage t = tracks[id];
        if (t.status != JobStatus.Submitted) return JobStatus.None;
        if (t.frozen.verified && court.answer() != Draw.NotDrawn) return JobStatus.None;
        return _now() < t.since + t.spec.challengeWindow ? JobStatus.None : JobStatus.Settled;
    }

    function _isDue(Track storage t) private view returns (bool) {
        return t.status == JobStatus.Accepted && _now() < t.since + t.spec.submitWithin;
    }

    function _rounds(uint256 price, uint256 fee) private {
        uint256 exact = price * parameters().feeShare;
        _holds(Rule.Rounding, fee * 10_000 >= exact && fee * 10_000 < exact + 10_000, "settle");
    }

    function _penalty(uint256 price) private pure returns (uint256) {
        uint256 share = _shareUp(price, parameters().noShowShare);
        return share > parameters().noShowFloor ? share : parameters().noShowFloor;
    }

    function _shareUp(uint256 amount, uint256 share) private pure returns (uint256) {
        return (amount * share + 9_999) / 10_000;
    }
}
