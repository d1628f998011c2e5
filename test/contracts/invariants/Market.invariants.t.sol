// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BlocklistToken} from "../../../contracts/dev/BlocklistToken.sol";
import {TestCourt} from "../../../contracts/dev/TestCourt.sol";
import {Draw} from "../../../contracts/interfaces/IDraws.sol";
import {IJobs, Job, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {Account, ILedger, Reserve} from "../../../contracts/interfaces/ILedger.sol";
import {IMarket} from "../../../contracts/interfaces/IMarket.sol";
import {IStaking} from "../../../contracts/interfaces/IStaking.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {Digests} from "../solidity/Digests.sol";
import {vm} from "../solidity/Vm.sol";
import {Rule, Track} from "./Ghost.sol";
import {MarketHandler} from "./MarketHandler.sol";

/// @notice What must hold of a market after any calls by anyone at any time. What an invariant does itself is not kept.
contract MarketInvariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    uint256 private constant ACTORS = 6;
    address private constant BURN_ACCOUNT = 0x000000000000000000000000000000000000dEaD;
    address private constant ANYONE = address(0xA9E);
    /// @dev No call that handles a fixed number of things needs so much, whatever the market has been through.
    uint256 private constant MOST_GAS = 300_000;
    /// @dev Emptying the whole market takes long, so that it is tried after one call of so many.
    uint256 private constant EXITS_EVERY = 4;

    MarketHandler private handler;
    IMarket private market;
    BlocklistToken private token;
    TestCourt private court;

    error Tried(bool done, bytes answer);

    function setUp() public {
        handler = new MarketHandler();
        (market, token, court) = handler.parts();
    }

    /// @notice Tells the fuzzer whom to call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Tells the fuzzer what to call.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), handler.actions());
    }

    /// @notice Every rule that a look at the books can judge, after every call.
    function invariant_theBooksAreRight() external view {
        _isKept(Rule.Transitions);
        _isKept(Rule.Flows);
        uint256 escrows = 0;
        uint256 ofDealer = 0;
        for (uint256 i = 0; i < handler.jobs(); ++i) {
            JobId id = handler.ids(i);
            Track memory t = handler.trackOf(id);
            Job memory job = market.jobOf(id);
            onlyListedTransitionsHappenAndFinalStatesAbsorb(t, job);
            whatCameInForAJobWentOutOrIsLocked(t);
            noJobRunsWithoutItsEscrow(t);
            aJobPaysOutOnce(t);
            windowsAreFixedAtTheirOpening(t, job);
            if (_isFinal(job.status)) continue;
            escrows += t.spec.price;
            if (t.spec.client == handler.selfDealer()) ofDealer += t.spec.price;
        }
        theTokensCoverEveryClaim(escrows);
        exposureIsTheSumOfTheOpenPricesAndWithinTheCapAtEveryAccept();
        nobodyLowersAnothersBalanceButByARule();
        noOrderTakesMoreThanItSays();
        noSignaturePaysTwice();
        signaturesCountForTheirSignerTermsAndTimeOnly();
        aSlashTakesWhatThereIsAndBurnsHalf();
        unbondingStakeIsSlashableUntilItsPeriodIsOver();
        selfDealingNeverProfits(ofDealer);
        roundingFavoursTheContract();
        noCallGrowsWithWhatOthersDid();
    }

    function invariant_everyPartyCanLeaveAfterItsDeadlineWithoutAnotherActor() external {
        if (handler.steps() % EXITS_EVERY != 0) return;
        court.setAnswer(Draw.NotDrawn);
        for (uint256 i = 0; i < handler.jobs(); ++i) {
            _endAtItsDeadline(handler.ids(i));
        }
        for (uint256 i = 0; i < ACTORS; ++i) {
            address actor = handler.actors(i);
            Account memory a = market.accountOf(actor);
            Reserve memory r = market.reserveOf(actor);
            if (a.exposure == 0 && a.stake > 0) _does(actor, abi.encodeCall(IStaking.requestUnstake, (a.stake)));
            if (r.amount > r.leaving) _does(actor, abi.encodeCall(ILedger.requestRelease, (r.amount - r.leaving)));
        }
        vm.warp(vm.getBlockTimestamp() + 72 hours);
        for (uint256 i = 0; i < ACTORS; ++i) {
            _empties(handler.actors(i));
        }
    }

    function invariant_theLastWithdrawalNeverReverts() external {
        if (handler.steps() % EXITS_EVERY != 0) return;
        court.setAnswer(Draw.NotDrawn);
        for (uint256 i = 0; i < handler.jobs(); ++i) {
            JobId id = handler.ids(i);
            if (market.jobOf(id).status == JobStatus.InCase) court.releaseJob(id, handler.trackOf(id).frozen);
            _endAtItsDeadline(id);
        }
        address[] memory providers = new address[](ACTORS);
        for (uint256 i = 0; i < ACTORS; ++i) {
            address actor = providers[i] = handler.actors(i);
            Account memory a = market.accountOf(actor);
            Reserve memory r = market.reserveOf(actor);
            vm.assertEq(a.exposure, 0, "exposure without jobs");
            if (a.stake > 0) _does(actor, abi.encodeCall(IStaking.requestUnstake, (a.stake)));
            if (r.amount > r.leaving) _does(actor, abi.encodeCall(ILedger.requestRelease, (r.amount - r.leaving)));
        }
        vm.warp(vm.getBlockTimestamp() + 72 hours);
        uint256 first = uint256(keccak256(abi.encode(token.balanceOf(address(market))))) % ACTORS;
        for (uint256 i = 0; i < ACTORS; ++i) {
            _empties(handler.actors((first + i) % ACTORS));
        }
        market.collectFees(providers);
        uint256 left = market.pool() + market.accountOf(BURN_ACCOUNT).balance + handler.donated();
        vm.assertEq(token.balanceOf(address(market)), left, "what nobody may take");
    }

    function invariant_nothingBlocksAWithdrawal() external {
        _isKept(Rule.Withdrawals);
        for (uint256 i = 0; i < ACTORS; ++i) {
            address actor = handler.actors(i);
            uint256 balance = market.accountOf(actor).balance;
            if (balance > 0) _does(actor, abi.encodeCall(ILedger.withdraw, (ANYONE, balance)));
        }
    }

    function invariant_atEveryInstantADutyIsInTimeOrItsExitIsOpen() external {
        for (uint256 i = 0; i < handler.jobs(); ++i) {
            JobId id = handler.ids(i);
            Track memory t = handler.trackOf(id);
            if (t.status != JobStatus.Open && t.status != JobStatus.Accepted) continue;
            address provider = t.status == JobStatus.Open ? t.spec.provider : t.frozen.provider;
            if (provider == address(0)) provider = ANYONE;
            bytes memory duty =
                t.status == JobStatus.Open
                    ? abi.encodeCall(IJobs.accept, (t.spec, provider))
                    : abi.encodeCall(IJobs.submit, (id, t.frozen, keccak256("root")));
            bytes memory exit = abi.encodeCall(IJobs.expire, (t.spec, t.frozen));
            bool late = _tries(provider, duty) == IJobs.JobTooLate.selector;
            bool early = _tries(ANYONE, exit) == IJobs.JobTooEarly.selector;
            vm.assertTrue(late != early, "a duty and its exit");
        }
    }

    /// @notice Makes a call, tells how it ended, and leaves no trace: it always reverts.
    function attempt(address caller, bytes calldata data) external {
        vm.prank(caller);
        (bool done, bytes memory answer) = address(market).call(data);
        revert Tried(done, answer);
    }

    function theTokensCoverEveryClaim(uint256 escrows) private view {
        uint256 claims = escrows + market.pool() + market.accountOf(BURN_ACCOUNT).balance;
        for (uint256 i = 0; i < ACTORS; ++i) {
            address actor = handler.actors(i);
            claims += handler.worthOf(actor) + market.accountOf(actor).fees;
        }
        vm.assertEq(token.balanceOf(address(market)), claims + handler.donated(), "tokens");
    }

    function whatCameInForAJobWentOutOrIsLocked(Track memory t) private pure {
        vm.assertEq(t.inflow, t.outflow + (_isFinal(t.status) ? 0 : t.spec.price), "flows");
    }

    function aJobPaysOutOnce(Track memory t) private pure {
        vm.assertEq(t.payouts, _isFinal(t.status) ? 1 : 0, "payouts");
        vm.assertEq(t.outflow, _isFinal(t.status) ? t.spec.price : 0, "paid + refunded + fee");
    }

    function onlyListedTransitionsHappenAndFinalStatesAbsorb(Track memory t, Job memory job) private pure {
        vm.assertEq(uint256(job.status), uint256(t.status), "status");
    }

    function nobodyLowersAnothersBalanceButByARule() private view {
        _isKept(Rule.Losses);
    }

    function noOrderTakesMoreThanItSays() private view {
        _isKept(Rule.Captures);
        for (uint256 i = 0; i < ACTORS; ++i) {
            Reserve memory r = market.reserveOf(handler.actors(i));
            vm.assertLe(r.leaving, r.amount, "leaving");
        }
    }

    function noSignaturePaysTwice() private view {
        _isKept(Rule.Replays);
    }

    function signaturesCountForTheirSignerTermsAndTimeOnly() private view {
        _isKept(Rule.Signatures);
    }

    function noJobRunsWithoutItsEscrow(Track memory t) private pure {
        vm.assertEq(t.inflow, t.spec.price, "inflow");
    }

    function aSlashTakesWhatThereIsAndBurnsHalf() private view {
        _isKept(Rule.Slashes);
        vm.assertEq(handler.slashed(), handler.burned() + handler.awarded(), "slashed");
        vm.assertLe(handler.awarded(), handler.burned(), "awarded");
        vm.assertEq(market.accountOf(BURN_ACCOUNT).balance, handler.burned(), "burned");
    }

    function unbondingStakeIsSlashableUntilItsPeriodIsOver() private view {
        _isKept(Rule.Unbonding);
    }

    function exposureIsTheSumOfTheOpenPricesAndWithinTheCapAtEveryAccept() private view {
        _isKept(Rule.Exposure);
        for (uint256 i = 0; i < ACTORS; ++i) {
            address actor = handler.actors(i);
            vm.assertEq(market.accountOf(actor).exposure, handler.exposureOf(actor), "exposure");
        }
    }

    function windowsAreFixedAtTheirOpening(Track memory t, Job memory job) private pure {
        bool carried = t.status >= JobStatus.Accepted && t.status <= JobStatus.InCase;
        carried = carried || t.status == JobStatus.Rejected;
        vm.assertEq(job.since, t.since, "since");
        vm.assertEq(job.digest, carried ? Digests.frozen(t.frozen) : bytes26(0), "digest");
    }

    function selfDealingNeverProfits(uint256 escrows) private view {
        address dealer = handler.selfDealer();
        uint256 worth = handler.worthOf(dealer) + handler.wentOut(dealer) + escrows;
        vm.assertLe(worth, handler.cameIn(dealer), "profit");
    }

    function roundingFavoursTheContract() private view {
        _isKept(Rule.Rounding);
        vm.assertEq(market.pool(), handler.given(), "pool");
    }

    function noCallGrowsWithWhatOthersDid() private view {
        vm.assertLe(handler.dearest(), MOST_GAS, "gas");
    }

    function _isFinal(JobStatus status) private pure returns (bool) {
        return status > JobStatus.InCase;
    }

    function _isKept(Rule rule) private view {
        string memory breach = handler.breachOf(rule);
        vm.assertTrue(bytes(breach).length == 0, breach);
    }

    /// @dev A stranger ends a job that is not before the court, as soon as it may.
    function _endAtItsDeadline(JobId id) private {
        Track memory t = handler.trackOf(id);
        JobStatus status = market.jobOf(id).status;
        uint256 deadline = t.spec.acceptBy;
        bytes memory data = abi.encodeCall(IJobs.expire, (t.spec, t.frozen));
        if (status == JobStatus.Accepted) deadline = t.since + t.spec.submitWithin;
        if (status == JobStatus.Submitted) {
            deadline = t.since + t.spec.challengeWindow;
            data = abi.encodeCall(IJobs.settle, (id, t.frozen));
        }
        if (status == JobStatus.InCase || status > JobStatus.InCase) return;
        if (vm.getBlockTimestamp() < deadline) vm.warp(deadline);
        _does(ANYONE, data);
        vm.assertGt(uint256(market.jobOf(id).status), uint256(JobStatus.InCase), "not final");
    }

    /// @dev All that is an account's and not at risk leaves the market.
    function _empties(address actor) private {
        bytes memory stake = abi.encodeCall(IStaking.withdrawStake, (actor));
        bytes memory reserve = abi.encodeCall(ILedger.release, (actor));
        if (market.unbondingOf(actor).amount > 0) _does(ANYONE, stake);
        if (market.reserveOf(actor).leaving > 0) _does(ANYONE, reserve);
        uint256 balance = market.accountOf(actor).balance;
        if (balance > 0) _does(actor, abi.encodeCall(ILedger.withdraw, (ANYONE, balance)));
        uint256 atRisk = market.accountOf(actor).exposure > 0 ? market.accountOf(actor).stake : 0;
        vm.assertEq(handler.worthOf(actor), atRisk, "left behind");
    }

    function _does(address caller, bytes memory data) private {
        vm.prank(caller);
        (bool done, bytes memory answer) = address(market).call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @dev The error with which a call would fail now; zero if it would not.
    function _tries(address caller, bytes memory data) private returns (bytes4) {
        try this.attempt(caller, data) {
            return bytes4(0);
        } catch (bytes memory tried) {
            assembly ("memory-safe") {
                mstore(add(tried, 4), sub(mload(tried), 4))
                tried := add(tried, 4)
            }
            (bool done, bytes memory answer) = abi.decode(tried, (bool, bytes));
            return done ? bytes4(0) : bytes4(answer);
        }
    }
}
