// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market} from "../../contracts/Market.sol";
import {IJobs, JobSpec} from "../../contracts/interfaces/IJobs.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {MarketParameters} from "../../contracts/interfaces/IParameters.sol";
import {Award, IStaking, OperatorKey, Unbonding} from "../../contracts/interfaces/IStaking.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

contract StakingTest is Fixture {
    uint256 private constant FREE = 1_000 * uint256(ONE);
    uint256 private constant STAKE = 100 * uint256(ONE);
    address private constant FRESH = address(0xF4E5);

    function setUp() public {
        deployAndFund();
    }

    function testFuzz_stakeComesFromFreeBalance(uint256 amount) public {
        amount = bound(amount, 1, FREE);
        does(PROVIDER, abi.encodeCall(IStaking.stake, (amount)));
        hasAccount(PROVIDER, FREE - amount, STAKE + amount, 0, 0);
    }

    function test_amountsOfZeroAreRefused() public {
        bytes memory zero = abi.encodeWithSelector(IStaking.StakingZeroAmount.selector);
        refuses(PROVIDER, abi.encodeCall(IStaking.stake, (0)), zero);
        refuses(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (0)), zero);
        bytes memory reason = abi.encodeWithSelector(
            ILedger.LedgerInsufficientBalance.selector,
            PROVIDER,
            FREE,
            FREE + 1
        );
        refuses(PROVIDER, abi.encodeCall(IStaking.stake, (FREE + 1)), reason);
    }

    function testFuzz_stakeLeavesAfterItsPeriodOnly(uint256 amount, uint256 early) public {
        amount = bound(amount, 1, STAKE);
        refuses(STRANGER, abi.encodeCall(IStaking.withdrawStake, (PROVIDER)), _notWithdrawable(0, 0));
        does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (amount)));
        hasAccount(PROVIDER, FREE, STAKE - amount, 0, 0);
        vm.warp(START + bound(early, 0, 72 hours - 1));
        bytes memory reason = _notWithdrawable(amount, START + 72 hours);
        refuses(STRANGER, abi.encodeCall(IStaking.withdrawStake, (PROVIDER)), reason);
        vm.warp(START + 72 hours);
        does(STRANGER, abi.encodeCall(IStaking.withdrawStake, (PROVIDER)));
        hasAccount(PROVIDER, FREE + amount, STAKE - amount, 0, 0);
        vm.assertEq(market.unbondingOf(PROVIDER).amount, 0, "unbonding");
    }

    function test_askingForMoreStartsThePeriodOfAllAnew() public {
        does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (1)));
        later(1 hours);
        does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (2)));
        Unbonding memory unbonding = market.unbondingOf(PROVIDER);
        vm.assertEq(unbonding.amount, 3, "amount");
        vm.assertEq(unbonding.withdrawableAt, START + 73 hours, "withdrawableAt");
    }

    function testFuzz_whatStaysStakedCarriesTheOpenExposure(uint64 price) public {
        price = uint64(bound(price, 1, STAKE / 5));
        JobSpec memory spec = newSpec();
        spec.price = price;
        does(CLIENT, abi.encodeCall(IJobs.post, (spec, "")));
        does(PROVIDER, abi.encodeCall(IJobs.accept, (spec, PROVIDER)));
        uint256 staying = uint256(price) * 5 > 25 * ONE ? uint256(price) * 5 : 25 * ONE;
        uint256 available = STAKE - staying;
        bytes memory reason = abi.encodeWithSelector(
            IStaking.StakingInsufficientStake.selector,
            PROVIDER,
            available,
            available + 1
        );
        refuses(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (available + 1)), reason);
        if (available > 0) does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (available)));
        hasAccount(PROVIDER, FREE, staying, price, 0);
        vm.assertEq(market.capacityOf(PROVIDER), staying / 5 - price, "capacity");
    }

    function testFuzz_theStakeThatCarriesAnExposureIsRoundedUp(uint16 share, uint64 price) public {
        share = uint16(bound(share, 1_000, 10_000));
        price = uint64(bound(price, 1, 10 * ONE));
        MarketParameters memory p = parameters();
        (p.exposureShare, p.minStake, p.noShowFloor) = (share, 1, 0);
        market = new Market(token, address(court), p);
        fund(CLIENT, FREE);
        fund(PROVIDER, FREE);
        does(PROVIDER, abi.encodeCall(IStaking.stake, (STAKE)));
        JobSpec memory spec = newSpec();
        spec.price = price;
        does(CLIENT, abi.encodeCall(IJobs.post, (spec, "")));
        does(PROVIDER, abi.encodeCall(IJobs.accept, (spec, PROVIDER)));
        uint256 needed = (uint256(price) * 10_000 + share - 1) / share;
        uint256 available = STAKE - needed;
        bytes memory reason = abi.encodeWithSelector(
            IStaking.StakingInsufficientStake.selector,
            PROVIDER,
            available,
            available + 1
        );
        refuses(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (available + 1)), reason);
        if (available > 0) does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (available)));
    }

    function test_capacityIsTheShareOfTheStakeThatIsNotExposed() public {
        vm.assertEq(market.capacityOf(STRANGER), 0, "of nobody");
        vm.assertEq(market.capacityOf(PROVIDER), STAKE / 5, "idle");
        accepted();
        vm.assertEq(market.capacityOf(PROVIDER), STAKE / 5 - 10 * ONE, "busy");
    }

    function test_tooLittleStakeAcceptsNothing() public {
        does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (75 * ONE)));
        (, JobSpec memory spec) = posted();
        bytes memory reason = abi.encodeWithSelector(
            IStaking.StakingExposureExceeded.selector,
            PROVIDER,
            10 * ONE,
            5 * ONE
        );
        refuses(PROVIDER, abi.encodeCall(IJobs.accept, (spec, PROVIDER)), reason);
        does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (1)));
        reason = abi.encodeWithSelector(IStaking.StakingBelowMinimum.selector, PROVIDER, 25 * ONE - 1, 25 * ONE);
        refuses(PROVIDER, abi.encodeCall(IJobs.accept, (spec, PROVIDER)), reason);
        vm.assertEq(market.capacityOf(PROVIDER), 0, "capacity");
    }

    function testFuzz_aKeyActsWithinItsInterval(uint40 length, uint40 moment) public {
        length = uint40(bound(length, 1, 1_000 days));
        does(PROVIDER, abi.encodeCall(IStaking.setOperator, (FRESH, uint40(START + length))));
        vm.warp(START + bound(moment, 0, 2_000 days));
        bool valid = vm.getBlockTimestamp() < START + length;
        vm.assertTrue(market.isOperator(PROVIDER, FRESH) == valid, "isOperator");
        vm.assertTrue(!market.isOperator(CLIENT, FRESH), "of another");
        bytes memory call = abi.encodeCall(IStaking.updateProvider, (PROVIDER, "https://card"));
        if (valid) does(FRESH, call);
        else refuses(FRESH, call, abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, FRESH));
    }

    function test_aKeysIntervalIsMovedButNeverReopened() public {
        does(PROVIDER, abi.encodeCall(IStaking.setOperator, (FRESH, uint40(START + 10))));
        later(9);
        does(PROVIDER, abi.encodeCall(IStaking.setOperator, (FRESH, uint40(START + 20))));
        later(10);
        does(PROVIDER, abi.encodeCall(IStaking.setOperator, (FRESH, 0)));
        OperatorKey memory key = market.operatorKey(PROVIDER, FRESH);
        vm.assertEq(key.validFrom, START, "validFrom");
        vm.assertEq(key.validUntil, START + 19, "validUntil");
        vm.assertTrue(!market.isOperator(PROVIDER, FRESH), "ended");
        bytes memory reason = abi.encodeWithSelector(
            IStaking.StakingOperatorKeyEnded.selector,
            PROVIDER,
            FRESH,
            START + 19
        );
        refuses(PROVIDER, abi.encodeCall(IStaking.setOperator, (FRESH, uint40(START + 99))), reason);
    }

    function test_keysThatMakeNoSenseAreRefused() public {
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingInvalidOperator.selector, address(0));
        refuses(PROVIDER, abi.encodeCall(IStaking.setOperator, (address(0), uint40(START + 1))), reason);
        reason = abi.encodeWithSelector(IStaking.StakingInvalidOperator.selector, PROVIDER);
        refuses(PROVIDER, abi.encodeCall(IStaking.setOperator, (PROVIDER, uint40(START + 1))), reason);
        reason = abi.encodeWithSelector(IStaking.StakingInvalidInterval.selector, START, START);
        refuses(PROVIDER, abi.encodeCall(IStaking.setOperator, (FRESH, uint40(START))), reason);
    }

    function test_theProviderItselfAndNobodyElsePublishesItsCard() public {
        bytes memory call = abi.encodeCall(IStaking.updateProvider, (PROVIDER, "https://card"));
        does(PROVIDER, call);
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, CLIENT);
        refuses(CLIENT, call, reason);
    }

    function testFuzz_aSlashTakesUnbondingStakeToo(uint64 amount, uint64 unbonding, uint64 award) public {
        unbonding = uint64(bound(unbonding, 0, STAKE));
        uint256 taken = amount < STAKE ? amount : STAKE;
        award = uint64(bound(award, 0, taken / 2));
        if (unbonding > 0) does(PROVIDER, abi.encodeCall(IStaking.requestUnstake, (unbonding)));
        bytes memory answer = does(address(court), _slash(amount, award));
        vm.assertEq(abi.decode(answer, (uint256)), taken, "taken");
        uint256 fromStake = taken < STAKE - unbonding ? taken : STAKE - unbonding;
        hasAccount(PROVIDER, FREE, STAKE - unbonding - fromStake, 0, 0);
        vm.assertEq(market.unbondingOf(PROVIDER).amount, unbonding - (taken - fromStake), "unbonding");
        hasAccount(CLIENT, FREE + award, 0, 0, 0);
        hasAccount(BURN_ACCOUNT, taken - award, 0, 0, 0);
    }

    function test_atLeastHalfOfASlashBurns() public {
        does(address(court), _slash(11, 5));
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingAwardsTooHigh.selector, 6, 11);
        refuses(address(court), _slash(11, 6), reason);
    }

    function test_onlyTheCourtSlashesAndVerifies() public {
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingNotCourt.selector, CLIENT);
        refuses(CLIENT, _slash(10, 5), reason);
        refuses(CLIENT, abi.encodeCall(IStaking.setVerified, (MODEL, true)), reason);
        does(address(court), abi.encodeCall(IStaking.setVerified, (MODEL, true)));
        vm.assertTrue(market.isVerified(MODEL), "verified");
        does(address(court), abi.encodeCall(IStaking.setVerified, (MODEL, false)));
        vm.assertTrue(!market.isVerified(MODEL), "no longer verified");
    }

    function _slash(uint256 amount, uint64 award) private view returns (bytes memory) {
        Award[] memory awards = new Award[](1);
        awards[0] = Award({recipient: CLIENT, amount: award});
        return abi.encodeCall(IStaking.slash, (PROVIDER, amount, awards));
    }

    function _notWithdrawable(uint256 amount, uint256 withdrawableAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(IStaking.StakingNotWithdrawable.selector, PROVIDER, amount, withdrawableAt);
    }
}
