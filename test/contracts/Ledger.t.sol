// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market} from "../../contracts/Market.sol";
import {FeeToken} from "../../contracts/dev/FeeToken.sol";
import {ILedger, Reserve} from "../../contracts/interfaces/ILedger.sol";
import {Frozen} from "../../contracts/interfaces/IJobs.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {Digests} from "./solidity/Digests.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

contract LedgerTest is Fixture {
    uint256 private constant BALANCE = 1_000 * uint256(ONE);
    bytes32 private permits;

    function setUp() public {
        deployAndFund();
        permits = Digests.domain("Test USD", block.chainid, address(token));
        token.mint(CLIENT, BALANCE);
    }

    function test_aDepositCreditsItsBeneficiary() public {
        does(CLIENT, abi.encodeCall(ILedger.deposit, (STRANGER, 5)));
        hasAccount(STRANGER, 5, 0, 0, 0);
        hasAccount(CLIENT, BALANCE, 0, 0, 0);
    }

    function test_aDepositOfNothingOrForNobodyIsRefused() public {
        bytes memory zero = abi.encodeWithSelector(ILedger.LedgerZeroAmount.selector);
        refuses(CLIENT, abi.encodeCall(ILedger.deposit, (CLIENT, 0)), zero);
        bytes memory nobody = abi.encodeWithSelector(ILedger.LedgerInvalidRecipient.selector, address(0));
        refuses(CLIENT, abi.encodeCall(ILedger.deposit, (address(0), 5)), nobody);
    }

    function test_aTokenThatKeepsAFeeIsRefused() public {
        FeeToken fee = new FeeToken();
        market = new Market(fee, address(0), parameters());
        fee.mint(CLIENT, 1_000);
        vm.prank(CLIENT);
        fee.approve(address(market), 1_000);
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerTransferMismatch.selector, 1_000, 990);
        refuses(CLIENT, abi.encodeCall(ILedger.deposit, (CLIENT, 1_000)), reason);
    }

    function testFuzz_aPermitAllowsItsAmount(uint256 amount) public {
        amount = bound(amount, 1, BALANCE);
        vm.prank(CLIENT);
        token.approve(address(market), 0);
        bytes memory call = _permit(amount);
        does(CLIENT, call);
        hasAccount(CLIENT, BALANCE + amount, 0, 0, 0);
        vm.assertEq(token.allowance(CLIENT, address(market)), 0, "allowance");
    }

    function test_aPermitThatAnotherUsedFirstDoesNoHarm() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(CLIENT_KEY, _permitDigest(7));
        token.permit(CLIENT, address(market), 7, START, v, r, s);
        does(CLIENT, abi.encodeCall(ILedger.depositWithPermit, (CLIENT, 7, START, v, r, s)));
        hasAccount(CLIENT, BALANCE + 7, 0, 0, 0);
    }

    function testFuzz_anAuthorizationCreditsWhomItNamesOnce(uint256 amount, bytes32 salt) public {
        amount = bound(amount, 1, BALANCE);
        bytes memory signature = _authorize(STRANGER, amount, salt);
        bytes memory call = abi.encodeCall(
            ILedger.depositWithAuthorization,
            (CLIENT, STRANGER, amount, 0, START + 1, salt, signature)
        );
        bytes memory diverted = abi.encodeCall(
            ILedger.depositWithAuthorization,
            (CLIENT, PROVIDER, amount, 0, START + 1, salt, signature)
        );
        refuses(PROVIDER, diverted, abi.encodeWithSignature("AuthorizationInvalidSignature(address)", CLIENT));
        does(PROVIDER, call);
        hasAccount(STRANGER, amount, 0, 0, 0);
        bytes32 nonce = keccak256(abi.encode(STRANGER, salt));
        vm.assertEq(market.authorizationNonce(STRANGER, salt), nonce, "nonce");
        refuses(PROVIDER, call, abi.encodeWithSignature("AuthorizationUsedAlready(address,bytes32)", CLIENT, nonce));
    }

    function testFuzz_freeBalanceLeavesAtOnce(uint256 amount) public {
        amount = bound(amount, 1, BALANCE);
        does(CLIENT, abi.encodeCall(ILedger.withdraw, (STRANGER, amount)));
        vm.assertEq(token.balanceOf(STRANGER), amount, "tokens");
        hasAccount(CLIENT, BALANCE - amount, 0, 0, 0);
    }

    function test_aWithdrawalIsRefusedWhereItWouldBeLostOrIsNotThere() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerInvalidRecipient.selector, address(0));
        refuses(CLIENT, abi.encodeCall(ILedger.withdraw, (address(0), 1)), reason);
        reason = abi.encodeWithSelector(ILedger.LedgerInvalidRecipient.selector, address(market));
        refuses(CLIENT, abi.encodeCall(ILedger.withdraw, (address(market), 1)), reason);
        reason = abi.encodeWithSelector(ILedger.LedgerZeroAmount.selector);
        refuses(CLIENT, abi.encodeCall(ILedger.withdraw, (CLIENT, 0)), reason);
        reason = _tooLow(BALANCE + 1);
        refuses(CLIENT, abi.encodeCall(ILedger.withdraw, (CLIENT, BALANCE + 1)), reason);
    }

    function test_amountsOfZeroAreRefused() public {
        bytes memory zero = abi.encodeWithSelector(ILedger.LedgerZeroAmount.selector);
        refuses(CLIENT, abi.encodeCall(ILedger.reserve, (0)), zero);
        refuses(CLIENT, abi.encodeCall(ILedger.requestRelease, (0)), zero);
        refuses(CLIENT, abi.encodeCall(ILedger.fundPool, (0)), zero);
    }

    function testFuzz_aReserveLeavesAfterItsDelayOnly(uint256 amount, uint256 part, uint256 early) public {
        amount = bound(amount, 1, BALANCE);
        part = bound(part, 1, amount);
        does(CLIENT, abi.encodeCall(ILedger.reserve, (amount)));
        refuses(STRANGER, abi.encodeCall(ILedger.release, (CLIENT)), _notReleasable(0, 0));
        does(CLIENT, abi.encodeCall(ILedger.requestRelease, (part)));
        bytes memory reason = abi.encodeWithSelector(
            ILedger.LedgerInsufficientReserve.selector,
            CLIENT,
            amount,
            amount + 1
        );
        refuses(CLIENT, abi.encodeCall(ILedger.requestRelease, (amount - part + 1)), reason);
        vm.warp(START + bound(early, 0, 15 minutes - 1));
        refuses(STRANGER, abi.encodeCall(ILedger.release, (CLIENT)), _notReleasable(part, START + 15 minutes));
        vm.warp(START + 15 minutes);
        does(STRANGER, abi.encodeCall(ILedger.release, (CLIENT)));
        hasAccount(CLIENT, BALANCE - amount + part, 0, 0, 0);
        Reserve memory left = market.reserveOf(CLIENT);
        vm.assertEq(left.amount, amount - part, "reserve");
        vm.assertEq(left.leaving, 0, "leaving");
    }

    function test_askingForMoreStartsTheDelayOfAllAnew() public {
        does(CLIENT, abi.encodeCall(ILedger.reserve, (10)));
        does(CLIENT, abi.encodeCall(ILedger.requestRelease, (4)));
        later(10 minutes);
        does(CLIENT, abi.encodeCall(ILedger.requestRelease, (3)));
        later(10 minutes);
        refuses(CLIENT, abi.encodeCall(ILedger.release, (CLIENT)), _notReleasable(7, START + 25 minutes));
    }

    function test_whatIsNotFreeCannotBeSetAsideOrGiven() public {
        refuses(CLIENT, abi.encodeCall(ILedger.reserve, (BALANCE + 1)), _tooLow(BALANCE + 1));
        refuses(CLIENT, abi.encodeCall(ILedger.fundPool, (BALANCE + 1)), _tooLow(BALANCE + 1));
    }

    function test_thePoolTakesGiftsAndFees() public {
        does(CLIENT, abi.encodeCall(ILedger.fundPool, (5)));
        (JobId id, , Frozen memory frozen) = submitted();
        later(30 minutes);
        market.settle(id, frozen);
        address[] memory providers = new address[](3);
        (providers[0], providers[1], providers[2]) = (PROVIDER, STRANGER, PROVIDER);
        does(STRANGER, abi.encodeCall(ILedger.collectFees, (providers)));
        vm.assertEq(market.pool(), 200_005, "pool");
        hasAccount(PROVIDER, BALANCE + 9_800_000, 100 * ONE, 0, 0);
    }

    function _permit(uint256 amount) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(CLIENT_KEY, _permitDigest(amount));
        return abi.encodeCall(ILedger.depositWithPermit, (CLIENT, amount, START, v, r, s));
    }

    function _permitDigest(uint256 amount) private view returns (bytes32) {
        return Digests.permit(permits, CLIENT, address(market), amount, 0, START);
    }

    function _authorize(address beneficiary, uint256 amount, bytes32 salt) private view returns (bytes memory) {
        bytes32 nonce = keccak256(abi.encode(beneficiary, salt));
        bytes32 digest = Digests.authorization(permits, CLIENT, address(market), amount, START + 1, nonce);
        return Digests.sign(CLIENT_KEY, digest);
    }

    function _tooLow(uint256 needed) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerInsufficientBalance.selector, CLIENT, BALANCE, needed);
    }

    function _notReleasable(uint256 leaving, uint256 releasableAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerNotReleasable.selector, CLIENT, leaving, releasableAt);
    }
}
