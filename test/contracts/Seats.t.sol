// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CourtRegistry} from "../../contracts/CourtRegistry.sol";
import {ICaseNotices} from "../../contracts/interfaces/ICaseNotices.sol";
import {ICases} from "../../contracts/interfaces/ICases.sol";
import {CourtParameters} from "../../contracts/interfaces/ICourtParameters.sol";
import {IRandomness} from "../../contracts/interfaces/IRandomness.sol";
import {ISeats, ModelTerms, Seat} from "../../contracts/interfaces/ISeats.sol";
import {CaseLib} from "../../contracts/libraries/CaseLib.sol";
import {ModelLib} from "../../contracts/libraries/ModelLib.sol";
import {ModelId} from "../../contracts/types/ModelId.sol";
import {CaseFixture} from "./solidity/CaseFixture.sol";
import {vm} from "./solidity/Vm.sol";

/// @notice Has given out every number.
contract FullCourt is CourtRegistry {
    constructor(IRandomness randomness_, CourtParameters memory p) CourtRegistry(randomness_, p) {
        _seatCount = CaseLib.MAX_SEATS;
    }
}

/// @notice Numbers, panels and places of seats.
contract SeatsTest is CaseFixture {
    uint256 private constant FAR = 1 << 255;

    function setUp() public {
        deployCourtWithSeats();
    }

    function modelId(ModelTerms calldata t) external pure returns (ModelId) {
        return ModelLib.modelId(t);
    }

    function test_whatIsKeptOfASeatIsTold() public {
        vm.assertEq(tribunal.seatOf(seatOwner(7)), 7, "number");
        vm.assertEq(tribunal.seatOf(STRANGER), 0, "of nobody");
        Seat memory seat = tribunal.seatAt(7);
        vm.assertEq(seat.owner, seatOwner(7), "owner");
        vm.assertEq(seat.stake, courtParameters().seatStake, "stake");
        vm.assertEq(abi.encode(tribunal.tolerancesOf(model)), abi.encode(tolerances()), "tolerances");
        deliver(0);
        opens();
        vm.assertEq(tribunal.creditOf(STRANGER), courtParameters().openReward, "credit");
        vm.assertEq(tribunal.creditOf(CLIENT), 0, "of nobody");
    }

    function test_aPanelIsOpenedOnceWithSoundTolerances() public {
        ModelTerms memory t = terms();
        bytes memory reason = abi.encodeWithSelector(ISeats.SeatsPanelOpen.selector, model);
        forbids(STRANGER, abi.encodeCall(ISeats.openPanel, (t)), reason);
        t.tolerances.marginThreshold = t.tolerances.marginTolerance;
        reason = abi.encodeWithSelector(ISeats.SeatsInvalidTolerances.selector);
        forbids(STRANGER, abi.encodeCall(ISeats.openPanel, (t)), reason);
    }

    function test_nobodyJoinsAPanelBeforeItIsOpen() public {
        ModelTerms memory t = terms();
        t.manifestHash = keccak256("another manifest");
        ModelId other = this.modelId(t);
        bytes memory join = abi.encodeCall(ISeats.joinPanel, (seatOwner(1), other));
        forbids(seatOwner(1), join, abi.encodeWithSelector(ISeats.SeatsNoPanel.selector, other));
        permits(STRANGER, abi.encodeCall(ISeats.openPanel, (t)));
        permits(seatOwner(1), join);
        vm.assertEq(tribunal.panelOf(other).length, 1, "slots");
    }

    function test_aCourtWithoutNumbersTakesNoSeat() public {
        CourtRegistry full = new FullCourt(tribunal.randomness(), courtParameters());
        (bool done, bytes memory reason) = address(full).call(abi.encodeCall(ISeats.stakeSeat, (50 * ONE)));
        vm.assertTrue(!done, "seated");
        vm.assertEq(reason, abi.encodeWithSelector(ISeats.SeatsFull.selector), "reason");
    }

    function test_whoJoinsTooLateToJudgeDoesNotTurnTheDraw() public {
        for (uint256 i = 21; i <= 32; ++i) {
            fund(seatOwner(i), 50 * ONE);
            _sits(i);
        }
        later(courtParameters().seatMinAge - 1);
        deliver(0);
        opens();
        bytes32 seed = tribunal.randomness().seedOf(frozen.submitBlock + courtParameters().drawDelay);
        uint256 slot = CaseLib.slotOf(seed, caseId, 0, 0, 20);
        vm.assertEq(tribunal.seatsOf(caseId)[0], slot + 1, "the first seat");
    }

    function test_aPlaceHasOneWordAndThereAreTwelve() public {
        deliver(0);
        opens();
        address owner = ownerAt(0);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 position = i == 0 ? 12 : FAR;
            bytes memory reason = abi.encodeWithSelector(ICaseNotices.CaseNotSeat.selector, caseId, position, owner);
            forbids(owner, abi.encodeCall(ICases.commit, (caseId, position, "word")), reason);
            forbids(owner, demandBy(position), reason);
            reason = abi.encodeWithSelector(ICaseNotices.CaseWrongReveal.selector, caseId, position);
            forbids(owner, abi.encodeCall(ICases.denounce, (caseId, position, "word", "salt")), reason);
        }
        bytes memory commit = abi.encodeCall(ICases.commit, (caseId, 0, "word"));
        permits(owner, commit);
        bytes memory again = abi.encodeWithSelector(ICaseNotices.CaseAlreadyCommitted.selector, caseId, 0);
        forbids(owner, commit, again);
        later(courtParameters().commitWindow);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 position = i == 0 ? 0 : FAR;
            bytes memory wrong = abi.encodeWithSelector(ICaseNotices.CaseWrongReveal.selector, caseId, position);
            forbids(owner, abi.encodeCall(ICases.reveal, (caseId, position, "another", "salt")), wrong);
        }
    }

    function _sits(uint256 seat) private {
        permits(seatOwner(seat), abi.encodeCall(ISeats.stakeSeat, (50 * ONE)));
        permits(seatOwner(seat), abi.encodeCall(ISeats.joinPanel, (seatOwner(seat), model)));
    }
}
