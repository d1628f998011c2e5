// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BlocklistToken} from "../../../contracts/dev/BlocklistToken.sol";
import {Case, CaseStatus} from "../../../contracts/interfaces/ICaseNotices.sol";
import {ICases} from "../../../contracts/interfaces/ICases.sol";
import {ICourt} from "../../../contracts/interfaces/ICourt.sol";
import {IDemands} from "../../../contracts/interfaces/IDemands.sol";
import {IJobs, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {IMarket} from "../../../contracts/interfaces/IMarket.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {vm} from "../solidity/Vm.sol";
import {Matter, Trial} from "./CourtGhost.sol";
import {CourtHandler} from "./CourtHandler.sol";

/// @notice What must hold of a court after any calls by anyone at any time. What an invariant does itself is not kept.
contract CourtInvariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    uint256 private constant PROVIDERS = 4;
    address private constant ANYONE = address(0xA9E);
    /// @dev Ending all cases takes long, so that it is tried after one call of so many.
    uint256 private constant ENDS_EVERY = 8;
    /// @dev Seed, tier one, seed, tier two: with a demand to end, no case needs more calls of anyone.
    uint256 private constant MOST_CALLS = 6;

    CourtHandler private handler;
    IMarket private market;
    ICourt private court;
    BlocklistToken private token;

    function setUp() public {
        handler = new CourtHandler();
        (market, court, token) = handler.parts();
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
    /// hardhat-config: default.invariant.runs = 30
    /// hardhat-config: deep.invariant.runs = 500
    function invariant_theCourtsBooksAreRight() external view {
        everyCallCameToWhatTheDocumentSays();
        theTokensCoverEveryClaim();
        theCourtHoldsStakesBondsAndDepositsToTheUnit();
        liveBondsAreWhatWasPostedLessWhatLeftAndWasLost();
        seatsHaveWhatTheyStakedAndEarnedLessWhatTheyOwed();
        whatIsOpenHoldsItsJobAndNothingElse();
        exposureIsTheOpenPricesAndTheWeightOfCases();
    }

    /// hardhat-config: default.invariant.runs = 30
    /// hardhat-config: deep.invariant.runs = 500
    function invariant_everyCaseEndsWithoutAnyOfItsParties() external {
        if (handler.steps() % ENDS_EVERY != 0) return;
        (uint256 jobs, uint256 cases) = handler.counts();
        for (uint256 i = 0; i < cases; ++i) {
            uint256 calls = 0;
            while (_endsStep(handler.trialAt(i))) vm.assertLe(++calls, MOST_CALLS, "calls");
        }
        for (uint256 i = 0; i < jobs; ++i) {
            Matter memory m = handler.matterAt(i);
            bytes32 key = JobId.unwrap(m.id);
            if (court.demandOf(key).demander != address(0)) _defaults(m, key);
            vm.assertTrue(handler.statusOf(i) != JobStatus.InCase, "a job stays before the court");
            vm.assertEq(court.holdsOf(m.id), 0, "holds");
            if (market.jobOf(m.id).status == JobStatus.Submitted) _leaves(m);
        }
        for (uint256 i = 0; i < PROVIDERS; ++i) {
            vm.assertEq(handler.exposureOf(i), 0, "exposure");
            vm.assertEq(court.bondOf(handler.providerOf(i)).openCases, 0, "a bond stays before the court");
        }
    }

    function everyCallCameToWhatTheDocumentSays() private view {
        string memory breach = handler.breach();
        vm.assertTrue(bytes(breach).length == 0, breach);
    }

    function theTokensCoverEveryClaim() private view {
        vm.assertEq(token.balanceOf(address(market)), handler.claims(), "tokens");
    }

    function theCourtHoldsStakesBondsAndDepositsToTheUnit() private view {
        vm.assertEq(market.accountOf(address(court)).balance, handler.courtHolds(), "the court's account");
    }

    function liveBondsAreWhatWasPostedLessWhatLeftAndWasLost() private view {
        vm.assertTrue(handler.bondsAreBooked(), "live bonds");
    }

    function seatsHaveWhatTheyStakedAndEarnedLessWhatTheyOwed() private view {
        vm.assertTrue(handler.seatsAreBooked(), "stakes and credits");
    }

    function whatIsOpenHoldsItsJobAndNothingElse() private view {
        (uint256 jobs, ) = handler.counts();
        for (uint256 i = 0; i < jobs; ++i) {
            JobId id = handler.matterAt(i).id;
            uint256 holds = court.holdsOf(id);
            vm.assertEq(holds, handler.holdsOf(i), "holds");
            JobStatus status = handler.statusOf(i);
            bool isHeld = status == JobStatus.InCase || (holds > 0 && status == JobStatus.Rejected);
            vm.assertTrue(isHeld == (holds > 0), "held");
        }
    }

    function exposureIsTheOpenPricesAndTheWeightOfCases() private view {
        for (uint256 i = 0; i < PROVIDERS; ++i) {
            vm.assertEq(market.accountOf(handler.providerOf(i)).exposure, handler.exposureOf(i), "exposure");
        }
    }

    /// @dev One call by anyone that brings a case nearer to its end; false once it is closed and nothing is demanded for it.
    function _endsStep(Trial memory trial) private returns (bool) {
        Matter memory m = handler.matterAt(trial.matter);
        Case memory c = court.caseOf(trial.id);
        if (court.demandOf(trial.id).demander != address(0)) {
            _defaults(m, trial.id);
            return true;
        }
        if (c.status == CaseStatus.None || c.status == CaseStatus.Closed) return false;
        bool isMoot = handler.statusOf(trial.matter) == JobStatus.Rejected;
        if (c.status == CaseStatus.Pinned && !isMoot) {
            vm.roll(vm.getBlockNumber() + 300);
            _does(abi.encodeCall(ICases.seatPanel, (m.spec, m.frozen, trial.key)));
            vm.roll(court.caseOf(trial.id).anchor + 1);
            if (court.caseOf(trial.id).status == CaseStatus.Pinned) {
                _does(abi.encodeCall(ICases.seatPanel, (m.spec, m.frozen, trial.key)));
            }
            return true;
        }
        vm.warp(vm.getBlockTimestamp() + 1 hours);
        _does(abi.encodeCall(ICases.close, (m.spec, m.frozen, trial.key)));
        return true;
    }

    function _defaults(Matter memory m, bytes32 key) private {
        uint256 answerBy = court.demandOf(key).answerBy;
        if (vm.getBlockTimestamp() < answerBy) vm.warp(answerBy);
        _does(abi.encodeCall(IDemands.defaultDemand, (m.spec, m.frozen, key)));
    }

    /// @dev A job that is not before the court is settled, or drawn first.
    function _leaves(Matter memory m) private {
        vm.warp(vm.getBlockTimestamp() + 4 hours);
        vm.roll(vm.getBlockNumber() + 9);
        vm.prank(ANYONE);
        try market.settle(m.id, m.frozen) {
            return;
        } catch (bytes memory reason) {
            vm.assertEq(bytes32(bytes4(reason)), bytes32(IJobs.JobDrawn.selector), "refused for another reason");
        }
        _does(abi.encodeCall(ICases.openDrawn, (m.spec, m.frozen)));
        bytes32 id = keccak256(abi.encode(JobId.unwrap(m.id), type(uint256).max));
        Trial memory trial = Trial(id, _indexOf(m.id), type(uint256).max);
        uint256 calls = 0;
        while (_endsStep(trial)) vm.assertLe(++calls, MOST_CALLS, "calls");
        if (market.jobOf(m.id).status == JobStatus.Submitted) market.settle(m.id, m.frozen);
        vm.assertGt(uint256(market.jobOf(m.id).status), uint256(JobStatus.InCase), "not final");
    }

    function _indexOf(JobId id) private view returns (uint256 i) {
        while (JobId.unwrap(handler.matterAt(i).id) != JobId.unwrap(id)) ++i;
    }

    function _does(bytes memory data) private {
        vm.prank(ANYONE);
        (bool done, bytes memory answer) = address(court).call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}
