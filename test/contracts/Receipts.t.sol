// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LiveBond} from "../../contracts/interfaces/IBonds.sol";
import {CaseStatus, ICaseNotices} from "../../contracts/interfaces/ICaseNotices.sol";
import {ICases} from "../../contracts/interfaces/ICases.sol";
import {IDemands} from "../../contracts/interfaces/IDemands.sol";
import {JobStatus} from "../../contracts/interfaces/IJobs.sol";
import {IReceipts, Receipt} from "../../contracts/interfaces/IReceipts.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {ModelId} from "../../contracts/types/ModelId.sol";
import {ReceiptFixture} from "./solidity/ReceiptFixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

/// @notice Receipts before the court: who may bring them, and what becomes of them.
contract ReceiptsTest is ReceiptFixture {
    uint64 private constant AMOUNT = 10_000;
    uint256 private constant FEE = 20_000;

    function setUp() public {
        deployCourtWithBond();
    }

    function test_onlyThePayerBringsAReceiptOnceWithAResult() public {
        Receipt memory r = issue(1, AMOUNT);
        forbids(STRANGER, bringing(r), abi.encodeWithSelector(IReceipts.ReceiptNotPayer.selector, CLIENT, STRANGER));
        bytes32 root = r.resultRoot;
        r.resultRoot = 0;
        forbids(CLIENT, bringing(r), abi.encodeWithSelector(IReceipts.ReceiptWithoutResult.selector));
        r.resultRoot = root;
        permits(CLIENT, bringing(r));
        _isHeld(JobStatus.InCase, 1);
        JobId id = idOf(spec);
        forbids(CLIENT, bringing(r), abi.encodeWithSelector(IReceipts.ReceiptAlreadyBrought.selector, id));
    }

    function test_onlyAModelWithAPanelIsJudged() public {
        Receipt memory r = issue(1, AMOUNT);
        r.model = ModelId.wrap(keccak256("another"));
        spec.model = r.model;
        JobId id = idOf(spec);
        forbids(CLIENT, bringing(r), abi.encodeWithSelector(ICaseNotices.CaseNotVerified.selector, id));
    }

    function test_onlyAKeyOfTheProviderSigns() public {
        Receipt memory r = issue(1, AMOUNT);
        address other = vm.addr(CLIENT_KEY);
        bytes memory call = abi.encodeCall(IReceipts.bringReceipt, (r, other, signedBy(CLIENT_KEY, r)));
        bytes4 refusal = IReceipts.ReceiptNotOperator.selector;
        forbids(CLIENT, call, abi.encodeWithSelector(refusal, PROVIDER, other, uint256(r.issuedAt)));
        call = abi.encodeCall(IReceipts.bringReceipt, (r, OPERATOR, signedBy(CLIENT_KEY, r)));
        forbids(CLIENT, call, abi.encodeWithSelector(IReceipts.ReceiptInvalidSignature.selector, OPERATOR));
        permits(CLIENT, abi.encodeCall(IReceipts.bringReceipt, (r, PROVIDER, signedBy(PROVIDER_KEY, r))));
    }

    function testFuzz_aKeySignsFromItsFirstSecondToItsLast(uint256 moment) public {
        address key = vm.addr(0x4E4);
        uint256 from = vm.getBlockTimestamp();
        vm.prank(PROVIDER);
        market.setOperator(key, uint40(from + 1 hours));
        uint256 time = bound(moment, from - 2, from + 1 hours + 2);
        if (moment % 3 == 0) time = from + 1 hours - (moment % 2);
        if (moment % 3 == 1) time = from - (moment % 2);
        vm.warp(time);
        Receipt memory r = issue(1, AMOUNT);
        vm.warp(from + 2 hours);
        vm.prank(CLIENT);
        bytes memory call = abi.encodeCall(IReceipts.bringReceipt, (r, key, signedBy(0x4E4, r)));
        (bool done, ) = address(tribunal).call(call);
        vm.assertTrue(done == (time >= from && time < from + 1 hours), "the key's interval");
    }

    function testFuzz_aReceiptIsBroughtAfterItsIssueAndBeforeItsEnd(uint256 moment) public {
        later(1 days);
        uint256 issuedAt = vm.getBlockTimestamp();
        uint256 end = issuedAt + courtParameters().receiptLifetime;
        Receipt memory r = issue(1, AMOUNT);
        uint256 time = bound(moment >> 8, issuedAt - 1 days, end + 1 days);
        if (moment % 4 == 0) time = issuedAt - ((moment >> 8) % 2);
        if (moment % 4 == 1) time = end - ((moment >> 8) % 2);
        vm.warp(time);
        vm.prank(CLIENT);
        (bool done, bytes memory reason) = address(tribunal).call(bringing(r));
        vm.assertTrue(done == (time >= issuedAt && time < end), "in time");
        if (done) return;
        bytes4 refusal = time < end ? IReceipts.ReceiptTooEarly.selector : IReceipts.ReceiptTooLate.selector;
        vm.assertEq(reason, abi.encodeWithSelector(refusal, time < end ? issuedAt : end), "reason");
    }

    function testFuzz_aReceiptWithDirtyBitsIsRefused(uint256 member, uint256 dirt) public {
        bytes memory data = bringing(issue(1, AMOUNT));
        uint8[8] memory members = [0, 1, 4, 5, 8, 9, 10, 11];
        uint256 position = 0x24 + 32 * uint256(members[member % 8]);
        dirt = bound(dirt, 1, type(uint96).max) << 160;
        assembly ("memory-safe") {
            let word := add(data, position)
            mstore(word, or(mload(word), dirt))
        }
        forbids(CLIENT, data, "");
    }

    function test_anHonestReceiptIsSettledAndKeepsItsBond() public {
        uint256 pool = market.pool();
        bring(issue(1, AMOUNT));
        speak(0, 3, false);
        later(courtParameters().appealWindow);
        closes();
        _isHeld(JobStatus.Settled, 0);
        vm.assertEq(tribunal.bondOf(PROVIDER).amount, BOND, "bond");
        vm.assertEq(market.pool(), pool + courtParameters().challengeBond, "the payer's bond");
    }

    function test_aReceiptIsNeitherDrawnNorChallenged() public {
        bring(issue(1, AMOUNT));
        bytes memory reason = abi.encodeWithSelector(ICaseNotices.CaseNotDrawn.selector, idOf(spec));
        forbids(STRANGER, abi.encodeCall(ICases.openDrawn, (spec, frozen)), reason);
    }

    function test_withoutAQuorumNobodyIsRepaid() public {
        bring(issue(1, AMOUNT));
        uint256 provider = accountOf(PROVIDER).balance;
        later(40 minutes);
        closes();
        seatTier();
        later(40 minutes);
        closes();
        _isHeld(JobStatus.Settled, 0);
        vm.assertEq(accountOf(PROVIDER).balance, provider, "provider");
        vm.assertEq(market.pool(), 12 * 5 * uint256(ONE), "fines");
    }

    /// @dev Whatever was charged and whatever bond there is: half and more of what is taken burns, and what the pool paid it has back.
    function testFuzz_aConvictionTakesWhatItMayAndBurnsHalf(uint64 amount, uint64 left) public {
        amount = uint64(bound(amount, 0, amount % 2 == 0 ? 100_000 : 2_000 * uint256(ONE)));
        left = uint64(bound(left, 0, BOND));
        _leaves(left);
        Receipt memory r = issue(1, amount);
        uint256 expected = uint256(amount) * 1_000;
        if (expected < 10 * ONE) expected = 10 * ONE;
        if (expected > left) expected = left;
        uint256 pool = market.pool();
        uint256 burned = accountOf(BURN_ACCOUNT).balance;
        uint256 client = accountOf(CLIENT).balance;
        uint256 held = accountOf(address(tribunal)).balance;
        convict(r);
        _isHeld(JobStatus.Rejected, 0);
        vm.assertEq(tribunal.bondOf(PROVIDER).amount, left - expected, "bond");
        burned = accountOf(BURN_ACCOUNT).balance - burned;
        vm.assertGe(2 * burned, expected, "burned");
        vm.assertEq(accountOf(address(tribunal)).balance, held - expected, "the court's account");
        uint256 covered = expected / 10 < 12 * FEE ? expected / 10 : 12 * FEE;
        vm.assertEq(market.pool(), pool + 12 * FEE, "pool");
        uint256 compensation = 10 * uint256(amount) < expected / 5 ? 10 * uint256(amount) : expected / 5;
        client += expected / 5 + compensation + covered;
        vm.assertEq(accountOf(CLIENT).balance + 12 * FEE, client, "payer");
        vm.assertEq(burned, expected - expected / 5 - compensation - covered, "the rest");
    }

    function test_whatIsWithheldFromThePayerEndsTheReceipt() public {
        bring(issue(1, AMOUNT));
        permits(CLIENT, abi.encodeCall(IDemands.demand, (spec, frozen, 0, 0)));
        later(courtParameters().answerWindow);
        permits(STRANGER, abi.encodeCall(IDemands.defaultDemand, (spec, frozen, JobId.unwrap(idOf(spec)))));
        _isHeld(JobStatus.Rejected, 1);
        closes();
        _isHeld(JobStatus.Rejected, 0);
        vm.assertEq(tribunal.bondOf(PROVIDER).amount, BOND - 10 * ONE, "bond");
    }

    function test_whatIsWithheldFromASeatConvicts() public {
        bring(issue(1, AMOUNT));
        bytes memory call = abi.encodeCall(IDemands.demandForCase, (spec, frozen, 0, 0));
        permits(ownerAt(0), call);
        later(courtParameters().answerWindow);
        permits(STRANGER, abi.encodeCall(IDemands.defaultDemand, (spec, frozen, caseId)));
        _isHeld(JobStatus.Rejected, 0);
        vm.assertEq(uint256(tribunal.caseOf(caseId).status), uint256(CaseStatus.Closed), "case");
        vm.assertEq(tribunal.bondOf(PROVIDER).amount, BOND - 10 * ONE, "bond");
    }

    function testFuzz_aNumberGivenTwiceCostsAtOnceWhatItMay(uint64 first, uint64 second, uint64 left) public {
        left = uint64(bound(left, 0, BOND));
        _leaves(left);
        Receipt memory a = issue(7, first);
        Receipt memory b = issue(7, second);
        b.completionTokens += 1;
        uint256 amount = first > second ? first : second;
        uint256 expected = amount > 10_000 ? amount * 1_000 : 10 * uint256(ONE);
        if (expected > left) expected = left;
        uint256 client = accountOf(CLIENT).balance;
        permits(CLIENT, proving(a, b));
        vm.assertEq(tribunal.bondOf(PROVIDER).amount, left - expected, "bond");
        vm.assertEq(accountOf(CLIENT).balance, client + expected / 5, "payer");
        vm.assertEq(accountOf(BURN_ACCOUNT).balance, expected - expected / 5, "burned");
        bytes4 refusal = IReceipts.ReceiptDoubleKnown.selector;
        forbids(CLIENT, proving(b, a), abi.encodeWithSelector(refusal, PROVIDER, a.channelId, uint256(7)));
    }

    function testFuzz_onlyTwoReceiptsOfOneCallAreDouble(uint256 part) public {
        Receipt memory a = issue(7, AMOUNT);
        Receipt memory b = issue(7, AMOUNT);
        part %= 6;
        if (part == 0) b.provider = STRANGER;
        else if (part == 1) b.payer = STRANGER;
        else if (part == 2) b.channelId = keccak256("another");
        else if (part == 3) b.seq = 8;
        else if (part == 4) b.cumulative += 1;
        if (part == 4) permits(CLIENT, proving(a, b));
        else forbids(CLIENT, proving(a, b), abi.encodeWithSelector(IReceipts.ReceiptsNotDouble.selector));
    }

    function test_onlyThePayerShowsDoublesWhileOneOfThemLives() public {
        Receipt memory a = issue(7, AMOUNT);
        later(1 hours);
        Receipt memory b = issue(7, AMOUNT);
        bytes memory reason = abi.encodeWithSelector(IReceipts.ReceiptNotPayer.selector, CLIENT, STRANGER);
        forbids(STRANGER, proving(a, b), reason);
        later(courtParameters().receiptLifetime);
        reason = abi.encodeWithSelector(IReceipts.ReceiptTooLate.selector, vm.getBlockTimestamp());
        forbids(CLIENT, proving(a, b), reason);
        vm.warp(vm.getBlockTimestamp() - 1);
        permits(CLIENT, proving(a, b));
    }

    function test_bothReceiptsOfADoubleBearTheirSignature() public {
        Receipt memory a = issue(7, AMOUNT);
        Receipt memory b = issue(7, AMOUNT);
        b.completionTokens += 1;
        bytes memory right = signedBy(OPERATOR_KEY, a);
        bytes memory wrong = signedBy(CLIENT_KEY, b);
        bytes memory reason = abi.encodeWithSelector(IReceipts.ReceiptInvalidSignature.selector, OPERATOR);
        forbids(CLIENT, abi.encodeCall(IReceipts.proveDoubleReceipt, (a, OPERATOR, right, b, OPERATOR, wrong)), reason);
        forbids(CLIENT, abi.encodeCall(IReceipts.proveDoubleReceipt, (b, OPERATOR, wrong, a, OPERATOR, right)), reason);
    }

    /// @dev A bond of which so much is left.
    function _leaves(uint64 left) private {
        if (left == BOND) return;
        vm.prank(PROVIDER);
        tribunal.requestBondExit(BOND - left);
        later(courtParameters().bondDelay);
        tribunal.withdrawBond(PROVIDER);
    }

    function _isHeld(JobStatus status, uint256 holds) private view {
        JobId id = idOf(spec);
        vm.assertEq(uint256(tribunal.receiptJobOf(id).status), uint256(status), "status");
        vm.assertEq(tribunal.holdsOf(id), holds, "holds");
        LiveBond memory bond = tribunal.bondOf(PROVIDER);
        vm.assertEq(bond.openCases, holds == 0 ? 0 : 1, "open cases");
    }
}
