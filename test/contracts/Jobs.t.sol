// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Frozen, IJobs, Job, JobSpec, JobStatus} from "../../contracts/interfaces/IJobs.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IStaking} from "../../contracts/interfaces/IStaking.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {ModelId} from "../../contracts/types/ModelId.sol";
import {Digests} from "./solidity/Digests.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {vm} from "./solidity/Vm.sol";

contract JobsTest is Fixture {
    uint256 private constant FREE = 1_000 * uint256(ONE);
    uint256 private constant STAKE = 100 * uint256(ONE);
    uint256 private constant PRICE = 10 * uint256(ONE);
    Frozen private none;

    function setUp() public {
        deployAndFund();
    }

    function test_postingEscrowsThePrice() public {
        (JobId id, ) = posted();
        hasAccount(CLIENT, FREE - PRICE, 0, 0, 0);
        Job memory job = market.jobOf(id);
        vm.assertEq(uint256(job.status), uint256(JobStatus.Open), "status");
        vm.assertEq(job.since, START, "since");
        vm.assertEq(job.digest, bytes26(0), "digest");
    }

    function test_everyFieldOutsideItsBoundsIsRefused() public {
        JobSpec memory spec = newSpec();
        spec.acceptBy = uint40(START);
        refuses(CLIENT, _post(spec), abi.encodeWithSelector(IJobs.JobTooLate.selector, idOf(spec), START));
        spec.acceptBy = uint40(START + 30 days + 1);
        _isInvalid(spec, "acceptBy");
        spec = newSpec();
        spec.model = ModelId.wrap(0);
        _isInvalid(spec, "model");
        spec = newSpec();
        spec.input = 0;
        _isInvalid(spec, "input");
        spec = newSpec();
        spec.items = 0;
        _isInvalid(spec, "items");
        spec = newSpec();
        spec.price = 0;
        _isInvalid(spec, "price");
        spec = newSpec();
        spec.flags = 2;
        _isInvalid(spec, "flags");
        spec = newSpec();
        spec.callback = CLIENT;
        _isInvalid(spec, "callback");
        spec = newSpec();
        spec.callbackGas = 1;
        _isInvalid(spec, "callbackGas");
    }

    function test_everyWindowOutsideItsBoundsIsRefused() public {
        JobSpec memory spec = newSpec();
        spec.submitWithin = 0;
        _isInvalid(spec, "submitWithin");
        spec.submitWithin = 30 days + 1;
        _isInvalid(spec, "submitWithin");
        spec = newSpec();
        spec.challengeWindow = 15 minutes - 1;
        _isInvalid(spec, "challengeWindow");
        spec.challengeWindow = 4 hours + 1;
        _isInvalid(spec, "challengeWindow");
    }

    function test_everyFieldAtItsBoundIsTaken() public {
        JobSpec memory spec = newSpec();
        spec.acceptBy = uint40(START + 30 days);
        spec.submitWithin = 30 days;
        spec.challengeWindow = 4 hours;
        spec.flags = 1;
        (spec.items, spec.price) = (1, 1);
        does(CLIENT, _post(spec));
        spec = newSpec();
        spec.acceptBy = uint40(START + 1);
        spec.submitWithin = 1;
        spec.challengeWindow = 15 minutes;
        does(CLIENT, _post(spec));
    }

    function test_onlyTheClientPostsItsJobAndOnlyOnceAndWithFreeBalance() public {
        JobSpec memory spec = newSpec();
        refuses(PROVIDER, _post(spec), abi.encodeWithSelector(IJobs.JobNotClient.selector, CLIENT, PROVIDER));
        does(CLIENT, _post(spec));
        refuses(CLIENT, _post(spec), _wrongStatus(idOf(spec), JobStatus.Open));
        spec = newSpec();
        spec.price = uint64(FREE);
        bytes memory reason = abi.encodeWithSelector(
            ILedger.LedgerInsufficientBalance.selector,
            CLIENT,
            FREE - PRICE,
            FREE
        );
        refuses(CLIENT, _post(spec), reason);
    }

    function test_aBatchSkipsWhatIsPostedOrTooLate() public {
        JobSpec[] memory specs = new JobSpec[](3);
        (, specs[0]) = posted();
        specs[1] = newSpec();
        specs[1].acceptBy = uint40(START);
        specs[2] = newSpec();
        does(CLIENT, abi.encodeCall(IJobs.postMany, (specs, new string[](3))));
        hasStatus(idOf(specs[1]), JobStatus.None);
        hasStatus(idOf(specs[2]), JobStatus.Open);
        hasAccount(CLIENT, FREE - 2 * PRICE, 0, 0, 0);
        bytes memory reason = abi.encodeWithSelector(IJobs.JobLengthMismatch.selector, 3, 2);
        refuses(CLIENT, abi.encodeCall(IJobs.postMany, (specs, new string[](2))), reason);
    }

    function test_acceptingFreezesAndExposes() public {
        (JobId id, , Frozen memory frozen) = accepted();
        vm.assertEq(market.jobOf(id).digest, Digests.frozen(frozen), "digest");
        hasStatus(id, JobStatus.Accepted);
        hasAccount(PROVIDER, FREE, STAKE, PRICE, 0);
    }

    function test_whoMayNotAcceptIsRefused() public {
        (JobId id, JobSpec memory spec) = posted();
        bytes memory call = abi.encodeCall(IJobs.accept, (spec, PROVIDER));
        refuses(CLIENT, call, abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, CLIENT));
        bytes memory reason = abi.encodeWithSelector(IJobs.JobProviderMismatch.selector, PROVIDER, CLIENT);
        refuses(CLIENT, abi.encodeCall(IJobs.accept, (spec, CLIENT)), reason);
        vm.warp(spec.acceptBy);
        refuses(OPERATOR, call, abi.encodeWithSelector(IJobs.JobTooLate.selector, id, spec.acceptBy));
        market.expire(spec, none);
        refuses(OPERATOR, call, _wrongStatus(id, JobStatus.Refunded));
    }

    function test_anyoneWithStakeAcceptsAnOpenJob() public {
        JobSpec memory spec = newSpec();
        spec.provider = address(0);
        does(CLIENT, _post(spec));
        bytes memory call = abi.encodeCall(IJobs.accept, (spec, STRANGER));
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingBelowMinimum.selector, STRANGER, 0, 25 * ONE);
        refuses(STRANGER, call, reason);
        does(PROVIDER, abi.encodeCall(IJobs.accept, (spec, PROVIDER)));
        hasStatus(idOf(spec), JobStatus.Accepted);
    }

    function test_exposureStopsAtTheCap() public {
        accepted();
        accepted();
        (, JobSpec memory spec) = posted();
        bytes memory reason = abi.encodeWithSelector(
            IStaking.StakingExposureExceeded.selector,
            PROVIDER,
            3 * PRICE,
            2 * PRICE
        );
        refuses(OPERATOR, abi.encodeCall(IJobs.accept, (spec, PROVIDER)), reason);
    }

    function test_aDeclineIsFreeWithinItsGraceAndCostsAfterIt() public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = accepted();
        later(5 minutes - 1);
        bytes memory call = abi.encodeCall(IJobs.decline, (spec, frozen));
        refuses(CLIENT, call, abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, CLIENT));
        does(OPERATOR, call);
        hasStatus(id, JobStatus.Refunded);
        hasAccount(CLIENT, FREE, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE, 0, 0);
        (, spec, frozen) = accepted();
        later(5 minutes);
        does(OPERATOR, abi.encodeCall(IJobs.decline, (spec, frozen)));
        hasAccount(CLIENT, FREE + PRICE / 500, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE - PRICE / 100, 0, 0);
    }

    function test_aDeclineAfterTheDeadlineIsTooLate() public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = accepted();
        later(2 hours);
        bytes memory reason = abi.encodeWithSelector(IJobs.JobTooLate.selector, id, START + 2 hours);
        refuses(OPERATOR, abi.encodeCall(IJobs.decline, (spec, frozen)), reason);
        refuses(OPERATOR, abi.encodeCall(IJobs.submit, (id, frozen, ROOT)), reason);
    }

    function test_submittingIsForOperatorsWithTheRightFrozenValuesAndARoot() public {
        (JobId id, , Frozen memory frozen) = accepted();
        bytes memory call = abi.encodeCall(IJobs.submit, (id, frozen, ROOT));
        refuses(CLIENT, call, abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, CLIENT));
        bytes memory rootless = abi.encodeCall(IJobs.submit, (id, frozen, bytes32(0)));
        refuses(OPERATOR, rootless, abi.encodeWithSelector(IJobs.JobZeroRoot.selector));
        frozen.price += 1;
        bytes memory reason = abi.encodeWithSelector(IJobs.JobWrongFrozen.selector, id);
        refuses(OPERATOR, abi.encodeCall(IJobs.submit, (id, frozen, ROOT)), reason);
        later(2 hours - 1);
        does(OPERATOR, call);
        refuses(OPERATOR, call, _wrongStatus(id, JobStatus.Submitted));
    }

    function test_settlingPaysTheProviderAfterTheWindow() public {
        (JobId id, , Frozen memory frozen) = submitted();
        bytes memory call = abi.encodeCall(IJobs.settle, (id, frozen));
        later(30 minutes - 1);
        refuses(STRANGER, call, abi.encodeWithSelector(IJobs.JobTooEarly.selector, id, START + 30 minutes));
        later(1);
        does(STRANGER, call);
        hasStatus(id, JobStatus.Settled);
        hasAccount(PROVIDER, FREE + 9_800_000, STAKE, 0, 200_000);
        refuses(STRANGER, call, _wrongStatus(id, JobStatus.Settled));
    }

    function test_onlyTheClientCancelsAndOnlyWhatIsOpen() public {
        (JobId id, JobSpec memory spec) = posted();
        bytes memory call = abi.encodeCall(IJobs.cancel, (spec));
        refuses(PROVIDER, call, abi.encodeWithSelector(IJobs.JobNotClient.selector, CLIENT, PROVIDER));
        does(CLIENT, call);
        hasAccount(CLIENT, FREE, 0, 0, 0);
        refuses(CLIENT, call, _wrongStatus(id, JobStatus.Refunded));
        (id, spec, ) = accepted();
        refuses(CLIENT, abi.encodeCall(IJobs.cancel, (spec)), _wrongStatus(id, JobStatus.Accepted));
    }

    function test_anyoneExpiresWhatNobodyAccepted() public {
        (JobId id, JobSpec memory spec) = posted();
        bytes memory call = abi.encodeCall(IJobs.expire, (spec, none));
        later(1 hours - 1);
        refuses(STRANGER, call, abi.encodeWithSelector(IJobs.JobTooEarly.selector, id, START + 1 hours));
        later(1);
        does(STRANGER, call);
        hasStatus(id, JobStatus.Refunded);
        hasAccount(CLIENT, FREE, 0, 0, 0);
        refuses(STRANGER, call, _wrongStatus(id, JobStatus.Refunded));
    }

    function test_aNoShowPaysTheClientFromTheStake() public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = accepted();
        bytes memory call = abi.encodeCall(IJobs.expire, (spec, frozen));
        later(2 hours - 1);
        refuses(STRANGER, call, abi.encodeWithSelector(IJobs.JobTooEarly.selector, id, START + 2 hours));
        later(1);
        refuses(STRANGER, abi.encodeCall(IJobs.expire, (spec, none)), _wrongFrozen(id));
        does(STRANGER, call);
        hasAccount(CLIENT, FREE + PRICE / 100, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE - PRICE / 20, 0, 0);
    }

    function test_aNoShowOfASmallJobCostsTheFloorAndPaysTheClientAFifth() public {
        JobSpec memory spec = newSpec();
        spec.price = 3;
        does(CLIENT, _post(spec));
        does(PROVIDER, abi.encodeCall(IJobs.accept, (spec, PROVIDER)));
        Frozen memory frozen = freeze(spec, PROVIDER);
        later(2 hours);
        does(STRANGER, abi.encodeCall(IJobs.expire, (spec, frozen)));
        hasAccount(CLIENT, FREE + 2_000, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE - 10_000, 0, 0);
        vm.assertEq(market.pool(), 8_000, "pool");
    }

    function _post(JobSpec memory spec) private pure returns (bytes memory) {
        return abi.encodeCall(IJobs.post, (spec, "https://blobs"));
    }

    function _isInvalid(JobSpec memory spec, string memory field) private {
        refuses(CLIENT, _post(spec), abi.encodeWithSelector(IJobs.JobInvalidSpec.selector, field));
    }

    function _wrongStatus(JobId id, JobStatus status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobs.JobWrongStatus.selector, id, status);
    }

    function _wrongFrozen(JobId id) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobs.JobWrongFrozen.selector, id);
    }
}
