// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAgreements} from "../../contracts/interfaces/IAgreements.sol";
import {Frozen, IJobs, JobRecord, JobSpec, JobStatus, Outcome} from "../../contracts/interfaces/IJobs.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {Award, IStaking} from "../../contracts/interfaces/IStaking.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {Digests} from "./solidity/Digests.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

/// @notice Whole lives of one job, for any price and any times, to the last unit.
contract LifeCycleTest is Fixture {
    uint256 private constant FUNDS = 1e15;
    uint256 private constant STAKE = 1e15;

    struct Life {
        uint64 price;
        uint32 submitWithin;
        uint32 challengeWindow;
        uint32 worked;
        uint8 agreed;
    }

    function setUp() public {
        deploy();
        fund(CLIENT, 2 * FUNDS);
        fund(PROVIDER, FUNDS + STAKE);
        does(CLIENT, abi.encodeCall(ILedger.reserve, (FUNDS)));
        does(PROVIDER, abi.encodeCall(IStaking.stake, (STAKE)));
        does(PROVIDER, abi.encodeCall(IStaking.setOperator, (OPERATOR, type(uint40).max)));
    }

    function testFuzz_everyPathThatDeliversPaysThePriceLessTheFee(Life memory life) public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = _begin(life);
        if (life.agreed % 3 != 2) {
            later(life.worked);
            frozen = _submit(id, frozen);
        }
        later(spec.challengeWindow);
        market.settle(id, frozen);
        uint256 fee = (uint256(spec.price) * 200 + 9_999) / 10_000;
        hasStatus(id, JobStatus.Settled);
        hasAccount(PROVIDER, FUNDS + spec.price - fee, STAKE, 0, fee);
        _clientHas(2 * FUNDS - spec.price);
    }

    function testFuzz_aNoShowPaysThePenaltyAndNoMoreThanTheStake(Life memory life, uint64 slashed) public {
        life.agreed = life.agreed % 2;
        (JobId id, JobSpec memory spec, Frozen memory frozen) = _begin(life);
        uint256 left = STAKE - bound(slashed, 0, STAKE);
        court.slash(PROVIDER, STAKE - left, new Award[](0));
        later(spec.submitWithin);
        does(STRANGER, abi.encodeCall(IJobs.expire, (spec, frozen)));
        uint256 share = (uint256(spec.price) * 500 + 9_999) / 10_000;
        uint256 penalty = share < 10_000 ? 10_000 : share;
        penalty = penalty < left ? penalty : left;
        uint256 compensation = penalty / 5;
        hasStatus(id, JobStatus.Refunded);
        hasAccount(PROVIDER, FUNDS, left - penalty, 0, 0);
        _clientHas(2 * FUNDS + compensation);
        vm.assertEq(market.pool(), penalty - compensation, "pool");
    }

    function testFuzz_aDeclineCostsNothingInItsGraceAndItsShareAfterIt(Life memory life) public {
        life.agreed = life.agreed % 2;
        (JobId id, JobSpec memory spec, Frozen memory frozen) = _begin(life);
        later(life.worked);
        does(OPERATOR, abi.encodeCall(IJobs.decline, (spec, frozen)));
        uint256 penalty = life.worked < 5 minutes ? 0 : (uint256(spec.price) * 100 + 9_999) / 10_000;
        hasStatus(id, JobStatus.Refunded);
        hasAccount(PROVIDER, FUNDS, STAKE - penalty, 0, 0);
        _clientHas(2 * FUNDS + penalty / 5);
        vm.assertEq(market.pool(), penalty - penalty / 5, "pool");
    }

    function testFuzz_aRejectionRepaysThePriceAndEndsTheExposure(Life memory life, uint8 outcome) public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = _begin(life);
        if (life.agreed % 3 != 2) frozen = _submit(id, frozen);
        court.lockJob(id, frozen);
        later(life.worked);
        Outcome verdict = Outcome(bound(outcome, uint256(Outcome.Withheld), uint256(type(Outcome).max)));
        court.rejectJob(spec, frozen, verdict);
        hasStatus(id, JobStatus.Rejected);
        hasAccount(PROVIDER, FUNDS, STAKE, 0, 0);
        _clientHas(2 * FUNDS);
    }

    function testFuzz_aBatchPaysAsMuchAsItsJobsOneByOne(uint64[8] memory prices) public {
        JobRecord[] memory records = new JobRecord[](8);
        uint256 paid = 0;
        uint256 fees = 0;
        for (uint256 i = 0; i < 8; ++i) {
            Life memory life = Life(prices[i] / 16, 1, 1, 0, uint8(prices[i] % 2));
            JobSpec memory spec;
            (records[i].id, spec, records[i].frozen) = _begin(life);
            records[i].frozen = _submit(records[i].id, records[i].frozen);
            uint256 fee = (uint256(spec.price) * 200 + 9_999) / 10_000;
            paid += spec.price - fee;
            fees += fee;
        }
        later(4 hours);
        market.settleMany(records);
        hasAccount(PROVIDER, FUNDS + paid, STAKE, 0, fees);
    }

    /// @dev A job accepted by post and accept, or by quote, or even submitted by order.
    function _begin(Life memory life) private returns (JobId id, JobSpec memory spec, Frozen memory frozen) {
        spec = newSpec();
        spec.price = uint64(bound(life.price, 1, STAKE / 5 / 8));
        spec.submitWithin = uint32(bound(life.submitWithin, 1, 30 days));
        spec.challengeWindow = uint32(bound(life.challengeWindow, 15 minutes, 4 hours));
        life.worked = uint32(bound(life.worked, 0, spec.submitWithin - 1));
        id = idOf(spec);
        frozen = freeze(spec, PROVIDER);
        if (life.agreed % 3 == 0) {
            does(CLIENT, abi.encodeCall(IJobs.post, (spec, "")));
            later(life.worked % 1 hours);
            does(OPERATOR, abi.encodeCall(IJobs.accept, (spec, PROVIDER)));
        } else if (life.agreed % 3 == 1) {
            uint40 end = uint40(vm.getBlockTimestamp() + 60);
            bytes memory signature = Digests.sign(OPERATOR_KEY, Digests.quote(separator, id, end));
            does(CLIENT, abi.encodeCall(IAgreements.postAccepted, (spec, end, OPERATOR, signature)));
        } else {
            bytes memory signature = Digests.sign(CLIENT_KEY, JobId.unwrap(id));
            does(OPERATOR, abi.encodeCall(IAgreements.fulfil, (spec, signature, ROOT)));
            (frozen.resultRoot, frozen.submitBlock) = (ROOT, uint64(vm.getBlockNumber()));
        }
    }

    function _submit(JobId id, Frozen memory frozen) private returns (Frozen memory) {
        does(OPERATOR, abi.encodeCall(IJobs.submit, (id, frozen, ROOT)));
        (frozen.resultRoot, frozen.submitBlock) = (ROOT, uint64(vm.getBlockNumber()));
        return frozen;
    }

    function _clientHas(uint256 amount) private view {
        vm.assertEq(accountOf(CLIENT).balance + market.reserveOf(CLIENT).amount, amount, "client");
    }
}
