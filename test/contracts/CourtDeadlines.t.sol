// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICases} from "../../contracts/interfaces/ICases.sol";
import {IChallenges} from "../../contracts/interfaces/IChallenges.sol";
import {Answer, IDemands} from "../../contracts/interfaces/IDemands.sol";
import {CaseLib} from "../../contracts/libraries/CaseLib.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {CaseFixture} from "./solidity/CaseFixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

/// @notice Around every deadline of the court: before it the duty is in time, from it on the exit is open, never both.
contract CourtDeadlinesTest is CaseFixture {
    bytes32 private constant WORD = bytes32(uint256(512) << 240);

    function setUp() public {
        deployCourtWithSeats();
        deliver(0);
    }

    function testFuzz_aChallengeIsInTimeBeforeTheEndOfItsWindow(uint256 moment) public {
        uint256 deadline = vm.getBlockTimestamp() + spec.challengeWindow;
        bool isEarly = _goes(deadline, moment);
        _isDone(CLIENT, abi.encodeCall(IChallenges.challenge, (spec, frozen, 0)), isEarly);
    }

    function testFuzz_aClientsDemandIsInTimeBeforeTheEndOfItsWindow(uint256 moment) public {
        uint256 deadline = vm.getBlockTimestamp() + spec.challengeWindow;
        bool isEarly = _goes(deadline, moment);
        _isDone(CLIENT, abi.encodeCall(IDemands.demand, (spec, frozen, 0, 0)), isEarly);
    }

    function testFuzz_commitsAndDemandsEndWhereRevealsBegin(uint256 moment) public {
        opens();
        _commits(0);
        uint256 deadline = vm.getBlockTimestamp() + courtParameters().commitWindow;
        bool isEarly = _goes(deadline, moment);
        bool isRevealing = !isEarly && vm.getBlockTimestamp() < deadline + courtParameters().revealWindow;
        uint256 kind = moment % 4;
        if (kind == 0) _isDone(ownerAt(1), _commitment(1), isEarly);
        else if (kind == 1) _isDone(STRANGER, _reveal(0), isRevealing);
        else if (kind == 2) _isDone(STRANGER, abi.encodeCall(ICases.denounce, (caseId, 0, WORD, _salt(0))), isEarly);
        else _isDone(ownerAt(1), demandBy(1), isEarly);
    }

    function testFuzz_revealsEndWhereTheTierMayBeClosed(uint256 moment, bool isEach) public {
        opens();
        for (uint256 i = 0; i < (isEach ? 3 : 2); ++i) _commits(i);
        uint256 opening = vm.getBlockTimestamp() + (isEach ? 0 : courtParameters().commitWindow);
        bool isEarly = _goes(opening + courtParameters().revealWindow, moment);
        if (isEarly && vm.getBlockTimestamp() < opening) vm.warp(opening);
        if (moment % 2 == 0) _isDone(STRANGER, _reveal(1), isEarly);
        else _isDone(STRANGER, _close(), !isEarly);
    }

    function testFuzz_anAppealEndsWhereTheCaseMayBeAcquitted(uint256 moment) public {
        opens();
        for (uint256 i = 0; i < 3; ++i) _commits(i);
        for (uint256 i = 0; i < 3; ++i) _isDone(STRANGER, _reveal(i), true);
        bool isEarly = _goes(vm.getBlockTimestamp() + courtParameters().appealWindow, moment);
        bytes memory appeal = abi.encodeCall(IChallenges.appeal, (spec, frozen, CaseLib.DRAW_KEY));
        if (moment % 2 == 0) _isDone(CLIENT, appeal, isEarly);
        else _isDone(STRANGER, _close(), !isEarly);
    }

    function testFuzz_anAnswerIsInTimeOrItsDefaultIsOpen(uint256 moment, bool isForCase) public {
        bytes32 key = isForCase ? caseId : JobId.unwrap(idOf(spec));
        if (isForCase) {
            opens();
            _isDone(ownerAt(0), demandBy(0), true);
        } else {
            _isDone(CLIENT, abi.encodeCall(IDemands.demand, (spec, frozen, 0, 0)), true);
        }
        bool isEarly = _goes(vm.getBlockTimestamp() + courtParameters().answerWindow, moment);
        Answer memory data = answerOf(0);
        if (moment % 2 == 0) _isDone(PROVIDER, abi.encodeCall(IDemands.answer, (spec, frozen, key, data)), isEarly);
        else _isDone(STRANGER, abi.encodeCall(IDemands.defaultDemand, (spec, frozen, key)), !isEarly);
    }

    function _commits(uint256 position) private {
        _isDone(ownerAt(position), _commitment(position), true);
    }

    function _commitment(uint256 position) private view returns (bytes memory) {
        uint32 seat = tribunal.seatsOf(caseId)[position];
        bytes32 hash = CaseLib.commitment(address(tribunal), caseId, position, seat, WORD, _salt(position));
        return abi.encodeCall(ICases.commit, (caseId, position, hash));
    }

    function _reveal(uint256 position) private view returns (bytes memory) {
        return abi.encodeCall(ICases.reveal, (caseId, position, WORD, _salt(position)));
    }

    function _close() private view returns (bytes memory) {
        return abi.encodeCall(ICases.close, (spec, frozen, CaseLib.DRAW_KEY));
    }

    function _salt(uint256 position) private pure returns (bytes32) {
        return keccak256(abi.encode("salt", position));
    }

    /// @dev Goes to the deadline, to a second around it, or anywhere within a day.
    /// @return isEarly Whether the deadline is still ahead.
    function _goes(uint256 deadline, uint256 moment) private returns (bool isEarly) {
        uint256 kind = (moment >> 8) % 4;
        uint256 time = kind < 3 ? deadline + kind - 1 : bound(moment >> 16, vm.getBlockTimestamp(), deadline + 1 days);
        vm.warp(time);
        return time < deadline;
    }

    function _isDone(address caller, bytes memory call, bool expected) private {
        vm.prank(caller);
        (bool done, ) = address(tribunal).call(call);
        vm.assertTrue(done == expected, expected ? "it was refused" : "it went through");
    }
}
