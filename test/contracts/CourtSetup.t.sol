// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Court} from "../../contracts/Court.sol";
import {CourtExtension} from "../../contracts/CourtExtension.sol";
import {CourtRegistry} from "../../contracts/CourtRegistry.sol";
import {Market} from "../../contracts/Market.sol";
import {TestHistory} from "../../contracts/dev/TestHistory.sol";
import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {CourtParameters, ICourtParameters} from "../../contracts/interfaces/ICourtParameters.sol";
import {MarketParameters} from "../../contracts/interfaces/IParameters.sol";
import {IRandomness} from "../../contracts/interfaces/IRandomness.sol";
import {ISeats} from "../../contracts/interfaces/ISeats.sol";
import {BlockHashes} from "../../contracts/randomness/BlockHashes.sol";
import {CourtFixture} from "./solidity/CourtFixture.sol";
import {vm} from "./solidity/Vm.sol";

/// @notice What a court is made of: its parameters, its market, its seeds.
contract CourtSetupTest is CourtFixture {
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    IRandomness private randomness;

    function setUp() public {
        deployCourt();
        randomness = new BlockHashes();
    }

    function test_amountsOutOfBoundsAreRefused() public {
        CourtParameters memory p = courtParameters();
        p.auditValue = 0;
        _isRefused(p, "auditValue");
        p = courtParameters();
        p.seatStake = 0;
        _isRefused(p, "seatStake");
        p = courtParameters();
        p.absentPenalty = p.seatStake + 1;
        _isRefused(p, "absentPenalty");
        p = courtParameters();
        p.outlierPenalty = p.absentPenalty + 1;
        _isRefused(p, "outlierPenalty");
        p = courtParameters();
        p.contradictionPenalty = p.seatStake + 1;
        _isRefused(p, "contradictionPenalty");
        p = courtParameters();
        p.minBond = 0;
        _isRefused(p, "minBond");
    }

    function test_windowsOutOfBoundsAreRefused() public {
        CourtParameters memory p = courtParameters();
        p.commitWindow = 0;
        _isRefused(p, "commitWindow");
        p = courtParameters();
        p.revealWindow = 0;
        _isRefused(p, "revealWindow");
        p = courtParameters();
        p.appealWindow = 0;
        _isRefused(p, "appealWindow");
        p = courtParameters();
        p.answerWindow = 0;
        _isRefused(p, "answerWindow");
        p = courtParameters();
        p.receiptLifetime = 0;
        _isRefused(p, "receiptLifetime");
        p = courtParameters();
        p.bondDelay = p.receiptLifetime;
        _isRefused(p, "bondDelay");
    }

    function test_drawsAndPanelsOutOfBoundsAreRefused() public {
        CourtParameters memory p = courtParameters();
        p.drawDelay = 0;
        _isRefused(p, "drawDelay");
        p.drawDelay = 256;
        _isRefused(p, "drawDelay");
        p = courtParameters();
        p.minPanel = 11;
        _isRefused(p, "minPanel");
        randomness = IRandomness(address(0));
        _isRefused(courtParameters(), "randomness");
    }

    function test_whatWasGivenIsTold() public view {
        CourtParameters memory told = tribunal.courtParameters();
        vm.assertEq(abi.encode(told), abi.encode(courtParameters()), "parameters");
        vm.assertTrue(address(tribunal.randomness()).code.length > 0, "randomness");
        vm.assertEq(address(tribunal.market()), address(market), "market");
    }

    function test_theDeployerBindsOnceAMarketThatNamesTheCourt() public {
        bytes memory refusal = abi.encodeWithSelector(ICourtParameters.CourtNotBindable.selector);
        _isNotBound(tribunal, market.parameters(), address(this), refusal);
        ICourt fresh = _court(courtParameters());
        _isNotBound(fresh, parameters(), STRANGER, refusal);
        (bool done, bytes memory reason) = address(fresh).call(abi.encodeCall(ICourtParameters.bind, (market)));
        vm.assertTrue(!done, "bound to a stranger's market");
        vm.assertEq(reason, refusal, "reason");
    }

    function test_stakesMustOutlastTheLongestCase() public {
        MarketParameters memory short = parameters();
        short.unbondingPeriod = 24 hours;
        bytes4 refusal = ICourtParameters.CourtParameterOutOfBounds.selector;
        ICourt fresh = _court(courtParameters());
        _isNotBound(fresh, short, address(this), abi.encodeWithSelector(refusal, "unbondingPeriod"));
        CourtParameters memory p = courtParameters();
        p.seatUnbonding = 24 hours;
        fresh = _court(p);
        _isNotBound(fresh, parameters(), address(this), abi.encodeWithSelector(refusal, "seatUnbonding"));
    }

    function test_aSeedIsTheHashOfABlock() public {
        vm.assertEq(randomness.seedOf(vm.getBlockNumber()), 0, "of now");
        vm.assertTrue(randomness.seedOf(vm.getBlockNumber() - 1) != 0, "of the last block");
    }

    function test_anOldSeedIsTheHistorysAnswer() public {
        uint256 old = vm.getBlockNumber() - 300;
        vm.etch(HISTORY, "");
        vm.assertEq(randomness.seedOf(old), 0, "without a history");
        vm.etch(HISTORY, address(new TestHistory()).code);
        vm.assertEq(randomness.seedOf(old), keccak256(abi.encode(old)), "with one");
        vm.roll(old + 8_192);
        vm.assertEq(randomness.seedOf(old), 0, "too old for it");
    }

    function test_aFullPanelTakesNobodyUntilASlotIsFree() public {
        fillPanel(256);
        address late = seatOwner(257);
        fund(late, 50 * ONE);
        vm.prank(late);
        tribunal.stakeSeat(50 * ONE);
        _isFull(late);
        address leaver = seatOwner(9);
        vm.prank(leaver);
        tribunal.leavePanel(leaver, model);
        later(72 hours - 1);
        _isFull(late);
        later(1);
        vm.prank(late);
        vm.assertEq(tribunal.joinPanel(late, model), 8, "slot");
        vm.prank(leaver);
        (bool done, ) = address(tribunal).call(abi.encodeCall(ISeats.leavePanel, (leaver, model)));
        vm.assertTrue(!done, "left another's slot");
        _isFull(leaver);
    }

    function _isFull(address owner) private {
        vm.prank(owner);
        (bool done, bytes memory reason) = address(tribunal).call(abi.encodeCall(ISeats.joinPanel, (owner, model)));
        vm.assertTrue(!done, "joined a full panel");
        vm.assertEq(reason, abi.encodeWithSelector(ISeats.SeatsPanelFull.selector, model), "reason");
    }

    function _isRefused(CourtParameters memory p, string memory name) private {
        try new CourtRegistry(randomness, p) {
            vm.assertTrue(false, name);
        } catch (bytes memory reason) {
            bytes4 selector = ICourtParameters.CourtParameterOutOfBounds.selector;
            vm.assertEq(reason, abi.encodeWithSelector(selector, name), name);
        }
    }

    function _court(CourtParameters memory p) private returns (ICourt) {
        return ICourt(address(new Court(new CourtExtension(new CourtRegistry(randomness, p)))));
    }

    function _isNotBound(ICourt court_, MarketParameters memory p, address by, bytes memory refusal) private {
        Market fresh = new Market(token, address(court_), p);
        vm.prank(by);
        (bool done, bytes memory reason) = address(court_).call(abi.encodeCall(ICourtParameters.bind, (fresh)));
        vm.assertTrue(!done, "bound");
        vm.assertEq(reason, refusal, "reason");
    }
}
