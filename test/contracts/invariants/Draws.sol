// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Frozen, JobSpec, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {ModelId} from "../../../contracts/types/ModelId.sol";
import {vm} from "../solidity/Vm.sol";
import {Ghost, Track} from "./Ghost.sol";

/// @title Draws
/// @notice Chances, actors, amounts, jobs and times, drawn from the seed that the fuzzer gives an action.
abstract contract Draws is Ghost {
    bytes32 private entropy;
    uint256 private salts;
    /// @dev How many actions there were.
    uint256 public steps;

    struct Interval {
        uint256 from;
        uint256 until;
    }

    mapping(address provider => mapping(address operator => Interval)) internal intervals;

    /// @dev Every action happens in a block of its own.
    modifier drawn(uint256 seed) {
        entropy = keccak256(abi.encode(entropy, seed));
        vm.roll(vm.getBlockNumber() + 1);
        steps += 1;
        _;
    }

    function _below(uint256 limit) internal returns (uint256) {
        entropy = keccak256(abi.encode(entropy));
        return uint256(entropy) % limit;
    }

    function _onceIn(uint256 times) internal returns (bool) {
        return _below(times) == 0;
    }

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function _actor() internal returns (address) {
        return actors[_below(ACTORS)];
    }

    /// @dev An actor that asked for stake or for a reserve back, where there is one.
    function _leaver() internal returns (address leaver) {
        uint256 start = _below(ACTORS);
        bool ofStake = _onceIn(2);
        for (uint256 i = 0; i < ACTORS; ++i) {
            leaver = actors[(start + i) % ACTORS];
            if (ofStake && market.unbondingOf(leaver).amount > 0) return leaver;
            if (!ofStake && market.reserveOf(leaver).leaving > 0) return leaver;
        }
    }

    /// @dev Anyone but the self-dealer, unless the other is the self-dealer.
    function _peerOf(address other) internal returns (address) {
        return other == selfDealer ? selfDealer : actors[_below(ACTORS - 1)];
    }

    function _anyone() internal returns (address) {
        uint256 i = _below(ACTORS + OPERATORS + 1);
        if (i == ACTORS + OPERATORS) return STRANGER;
        return i < ACTORS ? actors[i] : operators[i - ACTORS];
    }

    /// @dev Mostly the provider or a key that is or was its operator.
    function _handOf(address provider) internal returns (address) {
        if (_onceIn(16)) return _anyone();
        address operator = operators[_below(OPERATORS)];
        return _onceIn(2) || intervals[provider][operator].from == 0 ? provider : operator;
    }

    function _isHandOf(address provider, address caller) internal view returns (bool) {
        return caller == provider || _now() < intervals[provider][caller].until;
    }

    /// @dev Mostly some of what there is; sometimes all, nothing, or one unit too much.
    function _amount(uint256 there) internal returns (uint256) {
        uint256 kind = _below(16);
        if (kind == 0) return 0;
        if (kind == 1) return there + 1;
        return kind == 2 || there == 0 ? there : 1 + _below(there / 4 + 1);
    }

    /// @dev A job in this state where there is one; now and then any job.
    function _job(JobStatus wanted) internal returns (JobId id) {
        if (ids.length == 0) return JobId.wrap(0);
        uint256 start = _below(ids.length);
        id = ids[start];
        if (_onceIn(12)) return id;
        for (uint256 i = 0; i < ids.length; ++i) {
            id = ids[(start + i) % ids.length];
            if (tracks[id].status == wanted) return id;
        }
    }

    /// @dev What the job's slot should remember, now and then falsified.
    function _frozenOf(JobId id) internal returns (Frozen memory frozen, bool right) {
        frozen = tracks[id].frozen;
        right = !_onceIn(12);
        if (right) return (frozen, right);
        uint256 field = _below(5);
        if (field == 0) frozen.price += 1;
        else if (field == 1) frozen.challengeWindow ^= 1;
        else if (field == 2) frozen.submitWithin += 1;
        else if (field == 3) frozen.verified = !frozen.verified;
        else frozen.resultRoot = keccak256(abi.encode(frozen.resultRoot));
    }

    function _spec() internal returns (JobSpec memory spec) {
        spec.client = _actor();
        spec.provider = spec.client == selfDealer || _onceIn(2) ? _peerOf(spec.client) : address(0);
        spec.model = _model();
        spec.input = keccak256("input");
        spec.items = uint32(1 + _below(1_000));
        spec.price = uint64(1 + (_onceIn(4) ? _below(100) : _below(_onceIn(16) ? FUNDS : FUNDS / 40)));
        uint256 room = spec.provider == address(0) ? 0 : market.capacityOf(spec.provider);
        if (room > 0 && room < FUNDS / 4 && _onceIn(3)) spec.price = uint64(room + _below(2));
        spec.acceptBy = uint40(_now() + 1 + _below(6 hours));
        spec.submitWithin = uint32(1 + _below(4 hours));
        spec.challengeWindow = uint32(15 minutes + _below(1 hours));
        spec.flags = uint8(_below(2));
        spec.salt = bytes32(++salts);
    }

    function _model() internal returns (ModelId) {
        return _onceIn(2) ? MODEL : ModelId.wrap("other model");
    }

    /// @notice Time passes: a little, a lot, or to a second around some deadline.
    function pass(uint256 seed) external drawn(seed) {
        uint256 kind = _below(8);
        if (kind == 0) vm.warp(_now() + _below(1 hours));
        else if (kind < 4) vm.warp(_now() + _below(5 minutes));
        else if (kind == 4) _approach(market.unbondingOf(_leaver()).withdrawableAt);
        else if (kind == 5) _approach(market.reserveOf(_leaver()).releasableAt);
        else if (ids.length > 0) _approach(_deadlineOf(ids[_below(ids.length)]));
        _reach("pass");
    }

    /// @dev When the duty of the job's state is over.
    function _deadlineOf(JobId id) internal view returns (uint256) {
        Track storage t = tracks[id];
        if (t.status == JobStatus.Open) return t.spec.acceptBy;
        return t.since + (t.status == JobStatus.Accepted ? t.spec.submitWithin : t.spec.challengeWindow);
    }

    /// @dev Now and then the clock is moved to a second around this deadline, before it or behind it.
    function _ripen(uint256 deadline) internal {
        if (_onceIn(3)) _approach(deadline);
    }

    function _approach(uint256 deadline) private {
        uint256 moment = deadline + _below(3);
        if (moment > 0) moment -= 1;
        if (moment > _now()) vm.warp(moment);
    }
}
