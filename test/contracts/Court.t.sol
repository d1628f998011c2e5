// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICourtAccount} from "../../contracts/interfaces/ICourtAccount.sol";
import {Draw} from "../../contracts/interfaces/IDraws.sol";
import {Frozen, IJobs, JobRecord, JobSpec, JobStatus, Outcome} from "../../contracts/interfaces/IJobs.sol";
import {IStaking} from "../../contracts/interfaces/IStaking.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {Digests} from "./solidity/Digests.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {vm} from "./solidity/Vm.sol";

contract CourtTest is Fixture {
    uint256 private constant FREE = 1_000 * uint256(ONE);
    uint256 private constant STAKE = 100 * uint256(ONE);

    function setUp() public {
        deployAndFund();
        court.setVerified(MODEL, true);
    }

    function test_aVerifiedJobSettlesAsCompleted() public {
        (JobId id, , Frozen memory frozen) = submitted();
        vm.assertTrue(frozen.verified, "verified");
        later(30 minutes);
        Outcome outcome = abi.decode(does(STRANGER, abi.encodeCall(IJobs.settle, (id, frozen))), (Outcome));
        vm.assertEq(uint256(outcome), uint256(Outcome.Completed), "outcome");
        court.setVerified(MODEL, false);
        (id, , frozen) = submitted();
        later(30 minutes);
        outcome = abi.decode(does(STRANGER, abi.encodeCall(IJobs.settle, (id, frozen))), (Outcome));
        vm.assertEq(uint256(outcome), uint256(Outcome.Unverified), "outcome");
    }

    function test_aSealedJobIsAcceptedAsUnverified() public {
        JobSpec memory spec = newSpec();
        spec.flags = 1;
        does(CLIENT, abi.encodeCall(IJobs.post, (spec, "")));
        does(OPERATOR, abi.encodeCall(IJobs.accept, (spec, PROVIDER)));
        Frozen memory frozen = freeze(spec, PROVIDER);
        vm.assertTrue(!frozen.verified, "verified");
        vm.assertEq(market.jobOf(idOf(spec)).digest, Digests.frozen(frozen), "digest");
    }

    function test_aPendingDrawHoldsTheSettlement() public {
        (JobId id, , Frozen memory frozen) = submitted();
        court.setAnswer(Draw.Pending);
        later(30 minutes);
        bytes memory call = abi.encodeCall(IJobs.settle, (id, frozen));
        refuses(STRANGER, call, abi.encodeWithSelector(IJobs.JobDrawPending.selector, id));
    }

    function test_aDrawnJobIsNotPaidAndALockedOneNotUntilTheCourtLetsItGo() public {
        (JobId id, , Frozen memory frozen) = submitted();
        court.setAnswer(Draw.Drawn);
        later(30 minutes);
        bytes memory call = abi.encodeCall(IJobs.settle, (id, frozen));
        refuses(STRANGER, call, abi.encodeWithSelector(IJobs.JobDrawn.selector, id));
        court.lockJob(id, frozen);
        court.setAnswer(Draw.NotDrawn);
        refuses(STRANGER, call, abi.encodeWithSelector(IJobs.JobWrongStatus.selector, id, JobStatus.InCase));
        court.releaseJob(id, frozen);
        hasStatus(id, JobStatus.Submitted);
        does(STRANGER, call);
        hasStatus(id, JobStatus.Settled);
    }

    function test_aRejectedJobIsRepaid() public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = submitted();
        court.lockJob(id, frozen);
        bytes memory call = abi.encodeCall(IJobs.rejectJob, (spec, frozen, Outcome.NoShow));
        bytes memory reason = abi.encodeWithSelector(IJobs.JobInvalidOutcome.selector, Outcome.NoShow);
        refuses(address(court), call, reason);
        court.rejectJob(spec, frozen, Outcome.Rejected);
        hasStatus(id, JobStatus.Rejected);
        hasAccount(CLIENT, FREE, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE, 0, 0);
    }

    function test_onlyTheCourtLocksReleasesAndRejects() public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = submitted();
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingNotCourt.selector, CLIENT);
        refuses(CLIENT, abi.encodeCall(IJobs.lockJob, (id, frozen)), reason);
        refuses(CLIENT, abi.encodeCall(IJobs.releaseJob, (id, frozen)), reason);
        refuses(CLIENT, abi.encodeCall(IJobs.rejectJob, (spec, frozen, Outcome.Rejected)), reason);
    }

    function test_onlyTheCourtMovesItsMoney() public {
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingNotCourt.selector, CLIENT);
        refuses(CLIENT, abi.encodeCall(ICourtAccount.collect, (PROVIDER, 1)), reason);
        refuses(CLIENT, abi.encodeCall(ICourtAccount.pay, (CLIENT, 1)), reason);
        refuses(CLIENT, abi.encodeCall(ICourtAccount.payFromPool, (CLIENT, 1)), reason);
        refuses(CLIENT, abi.encodeCall(ICourtAccount.encumber, (PROVIDER, 1)), reason);
        refuses(CLIENT, abi.encodeCall(ICourtAccount.disencumber, (PROVIDER, 1)), reason);
        hasAccount(PROVIDER, FREE, STAKE, 0, 0);
    }

    function test_theCourtTooHasToKeepToTheTransitions() public {
        (JobId id, JobSpec memory spec, Frozen memory frozen) = submitted();
        bytes memory reason = abi.encodeWithSelector(IJobs.JobWrongStatus.selector, id, JobStatus.Submitted);
        refuses(address(court), abi.encodeCall(IJobs.releaseJob, (id, frozen)), reason);
        refuses(address(court), abi.encodeCall(IJobs.rejectJob, (spec, frozen, Outcome.Rejected)), reason);
        court.lockJob(id, frozen);
        reason = abi.encodeWithSelector(IJobs.JobWrongStatus.selector, id, JobStatus.InCase);
        refuses(address(court), abi.encodeCall(IJobs.lockJob, (id, frozen)), reason);
    }

    function test_aBatchSettlesWhatItCanAndSkipsTheRest() public {
        JobRecord[] memory records = new JobRecord[](6);
        court.setVerified(MODEL, false);
        (records[0].id, , records[0].frozen) = submitted();
        later(30 minutes);
        (records[1].id, ) = posted();
        (records[2].id, , records[2].frozen) = submitted();
        records[3].id = records[0].id;
        records[3].frozen = freeze(newSpec(), STRANGER);
        records[4] = records[0];
        (records[0], records[3]) = (records[3], records[0]);
        court.setVerified(MODEL, true);
        court.setAnswer(Draw.Pending);
        fund(CLIENT, FREE);
        fund(PROVIDER, STAKE);
        does(PROVIDER, abi.encodeCall(IStaking.stake, (STAKE)));
        (records[5].id, , records[5].frozen) = submitted();
        does(STRANGER, abi.encodeCall(IJobs.settleMany, (records)));
        hasStatus(records[0].id, JobStatus.Settled);
        hasStatus(records[1].id, JobStatus.Open);
        hasStatus(records[2].id, JobStatus.Submitted);
        hasStatus(records[5].id, JobStatus.Submitted);
        hasAccount(PROVIDER, FREE + 9_800_000, 2 * STAKE, 20 * ONE, 200_000);
    }
}
