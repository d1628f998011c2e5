// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBonds, LiveBond} from "../../contracts/interfaces/IBonds.sol";
import {ReceiptFixture} from "./solidity/ReceiptFixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

/// @notice How a live bond comes in and goes out.
contract BondsTest is ReceiptFixture {
    function setUp() public {
        deployCourtWithBond();
    }

    function testFuzz_aBondIsWhatWasPostedLessWhatLeft(
        uint64 more,
        uint64 first,
        uint64 second,
        uint256 moment
    ) public {
        more = uint64(bound(more, 1, 100 * ONE - BOND / 2));
        fund(PROVIDER, more);
        permits(PROVIDER, abi.encodeCall(IBonds.postBond, (more)));
        uint64 all = BOND + more;
        first = uint64(bound(first, 1, all - 1));
        second = uint64(bound(second, 1, all - first));
        uint256 before = accountOf(PROVIDER).balance;
        permits(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (first)));
        later(1 hours);
        permits(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (second)));
        uint256 due = vm.getBlockTimestamp() + courtParameters().bondDelay;
        LiveBond memory bond = tribunal.bondOf(PROVIDER);
        vm.assertEq(abi.encode(bond), abi.encode(LiveBond(all, first + second, uint40(due), 0)), "leaving");
        moment = moment % 4 == 3 ? bound(moment >> 8, vm.getBlockTimestamp(), due + 1 days) : due + (moment % 4) - 1;
        vm.warp(moment);
        bytes memory call = abi.encodeCall(IBonds.withdrawBond, (PROVIDER));
        if (moment < due) {
            bytes4 refusal = IBonds.BondNotWithdrawable.selector;
            forbids(STRANGER, call, abi.encodeWithSelector(refusal, PROVIDER, first + second, due, 0));
        } else {
            permits(STRANGER, call);
            vm.assertEq(accountOf(PROVIDER).balance, before + first + second, "balance");
            bond = tribunal.bondOf(PROVIDER);
            vm.assertEq(abi.encode(bond), abi.encode(LiveBond(all - first - second, 0, uint40(due), 0)), "rest");
        }
    }

    function test_nothingIsNeitherPostedNorAskedBackNorWithdrawn() public {
        bytes memory reason = abi.encodeWithSelector(IBonds.BondZeroAmount.selector);
        forbids(PROVIDER, abi.encodeCall(IBonds.postBond, (0)), reason);
        forbids(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (0)), reason);
        reason = abi.encodeWithSelector(IBonds.BondNotWithdrawable.selector, PROVIDER, 0, 0, 0);
        forbids(PROVIDER, abi.encodeCall(IBonds.withdrawBond, (PROVIDER)), reason);
    }

    function test_noMoreIsAskedBackThanThereIs() public {
        permits(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (BOND - 1)));
        bytes memory reason = abi.encodeWithSelector(IBonds.BondInsufficient.selector, PROVIDER, 1, 2);
        forbids(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (2)), reason);
    }

    function test_aBondStaysWhileACaseIsOpen() public {
        permits(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (BOND)));
        uint256 due = vm.getBlockTimestamp() + courtParameters().bondDelay;
        vm.warp(due);
        bring(issue(1, 10_000));
        bytes memory call = abi.encodeCall(IBonds.withdrawBond, (PROVIDER));
        forbids(STRANGER, call, abi.encodeWithSelector(IBonds.BondNotWithdrawable.selector, PROVIDER, BOND, due, 1));
        speak(0, 3, false);
        later(courtParameters().appealWindow);
        closes();
        permits(STRANGER, call);
    }

    function test_whatIsLeavingIsTakenLast() public {
        permits(PROVIDER, abi.encodeCall(IBonds.requestBondExit, (BOND - 5 * ONE)));
        convict(issue(1, 10_000));
        LiveBond memory bond = tribunal.bondOf(PROVIDER);
        vm.assertEq(bond.amount, BOND - 10 * ONE, "bond");
        vm.assertEq(bond.leaving, BOND - 10 * ONE, "leaving");
    }
}
