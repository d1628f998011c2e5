// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BlocklistToken} from "../../../contracts/dev/BlocklistToken.sol";
import {TestCourt} from "../../../contracts/dev/TestCourt.sol";
import {IAgreements} from "../../../contracts/interfaces/IAgreements.sol";
import {Draw} from "../../../contracts/interfaces/IDraws.sol";
import {Frozen, IJobs, JobSpec, JobStatus, Outcome} from "../../../contracts/interfaces/IJobs.sol";
import {IMarket} from "../../../contracts/interfaces/IMarket.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {Digests} from "../solidity/Digests.sol";
import {Call, Rule, Track} from "./Ghost.sol";
import {JobActions} from "./JobActions.sol";

/// @title MarketHandler
/// @notice All that anyone can do to a market, as actions for a fuzzer; here the agreements and the court.
contract MarketHandler is JobActions {
    function postAccepted(uint256 seed) external drawn(seed) {
        JobSpec memory spec = _spec();
        if (spec.provider == address(0)) spec.provider = _peerOf(spec.client);
        if (_onceIn(16)) spec.acceptBy = uint40(_now());
        JobId id = idOf(spec);
        address signer = _handOf(spec.provider);
        uint40 end = uint40(_now() + _below(8));
        bool forged = _onceIn(12);
        uint256 key = forged ? 1 : keyOf[signer == STRANGER ? spec.client : signer];
        bytes memory signature = Digests.sign(key, Digests.quote(separator, id, end));
        address caller = _onceIn(16) ? _anyone() : spec.client;
        bool right = !forged && _isHandOf(spec.provider, signer) && _now() < end && caller == spec.client;
        bool afforded = spec.price <= accountOf(spec.client).balance;
        bool allowed = right && _isListable(id, spec) && afforded && _mayEngage(spec.provider, spec.price);
        bytes memory data = abi.encodeCall(IAgreements.postAccepted, (spec, end, signer, signature));
        _agrees(_signed("quote", caller, data, allowed), spec, JobStatus.Accepted);
    }

    function fulfil(uint256 seed) external drawn(seed) {
        JobSpec memory spec = _spec();
        if (spec.provider == address(0)) spec.provider = _peerOf(spec.client);
        uint256 there = market.reserveOf(spec.client).amount;
        spec.price = uint64(1 + (_onceIn(4) ? _least(there, FUNDS / 20) : _below(FUNDS / 80)));
        JobId id = idOf(spec);
        address caller = _handOf(spec.provider);
        bytes memory signature = Digests.sign(keyOf[spec.client], JobId.unwrap(id));
        bool tampered = _onceIn(8);
        if (tampered) spec.price += 1;
        bool right = !tampered && _isHandOf(spec.provider, caller) && _isListable(id, spec);
        bool allowed = right && spec.price <= there && _mayEngage(spec.provider, spec.price);
        bytes memory data = abi.encodeCall(IAgreements.fulfil, (spec, signature, ROOT));
        Call memory c = _signed("order", caller, data, allowed);
        (c.loser, c.loss) = (spec.client, spec.price);
        if (!_agrees(c, spec, JobStatus.Submitted)) return;
        _deliver(id);
        uint256 captured = there - market.reserveOf(spec.client).amount;
        _holds(Rule.Captures, captured == spec.price, "order");
    }

    function lock(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.Submitted);
        (Frozen memory frozen, bool right) = _frozenOf(id);
        bool allowed = right && tracks[id].status == JobStatus.Submitted;
        if (_judges("lock", abi.encodeCall(IJobs.lockJob, (id, frozen)), allowed)) _goesOn(id, JobStatus.InCase, 0);
    }

    function unlock(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.InCase);
        (Frozen memory frozen, bool right) = _frozenOf(id);
        bool allowed = right && tracks[id].status == JobStatus.InCase;
        bytes memory data = abi.encodeCall(IJobs.releaseJob, (id, frozen));
        if (_judges("unlock", data, allowed)) _goesOn(id, JobStatus.Submitted, 0);
    }

    function reject(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.InCase);
        Track storage t = tracks[id];
        (Frozen memory frozen, bool right) = _frozenOf(id);
        Outcome outcome = Outcome(uint256(Outcome.NoShow) + _below(4));
        bool allowed = right && t.status == JobStatus.InCase && outcome != Outcome.NoShow;
        bytes memory data = abi.encodeCall(IJobs.rejectJob, (t.spec, frozen, outcome));
        (bool done, int256 moved) = _perform(_plain("reject", address(court), data, allowed));
        if (done) _goesOn(id, JobStatus.Rejected, moved);
    }

    /// @notice Someone who is not the court tries its powers.
    function usurp(uint256 seed) external drawn(seed) {
        JobId id = _job(JobStatus.Submitted);
        Track storage t = tracks[id];
        bytes[3] memory powers = [
            abi.encodeCall(IJobs.lockJob, (id, t.frozen)),
            abi.encodeCall(IJobs.releaseJob, (id, t.frozen)),
            abi.encodeCall(IJobs.rejectJob, (t.spec, t.frozen, Outcome.Rejected))
        ];
        _moves(_plain("usurp", _anyone(), powers[_below(3)], false), 0);
    }

    /// @notice The court changes what it says of draws and models.
    function instruct(uint256 seed) external drawn(seed) {
        court.setVerified(_model(), _onceIn(2));
        court.setAnswer(_onceIn(2) ? Draw.NotDrawn : Draw(_below(3)));
    }

    /// @notice The parts that the invariants look at.
    function parts() external view returns (IMarket, BlocklistToken, TestCourt) {
        return (market, token, court);
    }

    /// @notice Every action.
    function actions() external pure returns (bytes4[] memory list) {
        bytes4[32] memory all = [
            this.pass.selector,
            this.deposit.selector,
            this.depositWithPermit.selector,
            this.depositWithAuthorization.selector,
            this.withdraw.selector,
            this.reserve.selector,
            this.requestRelease.selector,
            this.release.selector,
            this.fundPool.selector,
            this.collectFees.selector,
            this.bar.selector,
            this.donate.selector,
            this.replay.selector,
            this.stake.selector,
            this.requestUnstake.selector,
            this.withdrawStake.selector,
            this.setOperator.selector,
            this.updateProvider.selector,
            this.slash.selector,
            this.post.selector,
            this.postMany.selector,
            this.accept.selector,
            this.decline.selector,
            this.submit.selector,
            this.settle.selector,
            this.settleMany.selector,
            this.cancel.selector,
            this.expire.selector,
            this.postAccepted.selector,
            this.fulfil.selector,
            this.lock.selector,
            this.unlock.selector
        ];
        bytes4[3] memory more = [this.reject.selector, this.usurp.selector, this.instruct.selector];
        list = new bytes4[](all.length + more.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = i < all.length ? all[i] : more[i - all.length];
        }
    }

    function _agrees(Call memory c, JobSpec memory spec, JobStatus status) private returns (bool done) {
        Frozen memory frozen = freeze(spec, spec.provider);
        int256 moved;
        (done, moved) = _perform(c);
        if (!done) return done;
        _begins(idOf(spec), spec, status, moved);
        tracks[idOf(spec)].frozen = frozen;
        used.push(c);
    }

    function _judges(string memory name, bytes memory data, bool allowed) private returns (bool) {
        return _moves(_plain(name, address(court), data, allowed), 0);
    }

    function _signed(
        string memory name,
        address caller,
        bytes memory data,
        bool allowed
    ) private pure returns (Call memory) {
        return Call(name, caller, data, allowed, Rule.Signatures, address(0), 0);
    }
}
