// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelTerms, Tolerances} from "../../contracts/interfaces/ISeats.sol";
import {CaseLib} from "../../contracts/libraries/CaseLib.sol";
import {ModelLib} from "../../contracts/libraries/ModelLib.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {ModelId} from "../../contracts/types/ModelId.sol";
import {bound, vm} from "./solidity/Vm.sol";

contract CaseTest {
    uint256 private constant SEAT_LIMIT = 2 ** 21;

    function modelId(ModelTerms calldata terms) external pure returns (ModelId) {
        return ModelLib.modelId(terms);
    }

    function areSound(Tolerances calldata t) external pure returns (bool) {
        return ModelLib.areSound(t);
    }

    function testFuzz_twelveSeatsFitOneWord(uint32[12] memory seats) public pure {
        uint256 packed = 0;
        for (uint256 i = 0; i < 12; ++i) {
            seats[i] = uint32(seats[i] % SEAT_LIMIT);
            packed = CaseLib.withSeat(packed, i, seats[i]);
        }
        for (uint256 i = 0; i < 12; ++i) {
            vm.assertEq(CaseLib.seatAt(packed, i), seats[i], "seat");
            vm.assertTrue(seats[i] == 0 || CaseLib.isSeated(packed, seats[i]), "sits");
        }
        vm.assertTrue(packed < 2 ** 252, "bits of nobody");
    }

    function testFuzz_whoIsTakenOutLeavesTheOthersWhereTheyAre(uint32[12] memory seats, uint256 out) public pure {
        out = bound(out, 0, 11);
        uint256 packed = 0;
        for (uint256 i = 0; i < 12; ++i) {
            seats[i] = uint32(1 + (seats[i] % (SEAT_LIMIT / 12)) * 12 + i) % uint32(SEAT_LIMIT);
            if (seats[i] == 0) seats[i] = uint32(1 + i);
            packed = CaseLib.withSeat(packed, i, seats[i]);
        }
        packed = CaseLib.withoutSeat(packed, out);
        for (uint256 i = 0; i < 12; ++i) {
            vm.assertEq(CaseLib.seatAt(packed, i), i == out ? 0 : seats[i], "seat");
        }
        bool twice = false;
        for (uint256 i = 0; i < 12; ++i) twice = twice || (i != out && seats[i] == seats[out]);
        vm.assertTrue(CaseLib.isSeated(packed, seats[out]) == twice, "still sits");
    }

    function testFuzz_onlyWhoWasSeatedSits(uint32 seat, uint256 position, uint32 other) public pure {
        seat = uint32(bound(seat, 1, SEAT_LIMIT - 1));
        other = uint32(bound(other, 1, SEAT_LIMIT - 1));
        uint256 packed = CaseLib.withSeat(0, bound(position, 0, 11), seat);
        vm.assertTrue(CaseLib.isSeated(packed, other) == (other == seat), "sits");
        vm.assertTrue(!CaseLib.isSeated(0, other), "in an empty room");
    }

    function testFuzz_aCommitmentBindsEveryPart(
        address court,
        bytes32 id,
        uint256 position,
        uint32 seat,
        bytes32 word,
        bytes32 salt
    ) public pure {
        bytes32 typeHash = keccak256(
            "Commitment(address court,bytes32 caseId,uint256 position,uint32 seat,bytes32 word,bytes32 salt)"
        );
        bytes32 expected = keccak256(abi.encode(typeHash, court, id, position, seat, word, salt));
        vm.assertEq(CaseLib.commitment(court, id, position, seat, word, salt), expected, "commitment");
    }

    function testFuzz_drawsNameItemsAndSlotsThatAreThere(
        bytes32 seed,
        JobId job,
        uint32 items,
        uint8 slots
    ) public pure {
        items = uint32(bound(items, 1, type(uint32).max));
        uint256 length = bound(slots, 1, 256);
        vm.assertTrue(CaseLib.startItem(seed, job, items) < items, "item");
        bytes32 id = CaseLib.caseId(job, uint256(seed));
        vm.assertEq(id, keccak256(abi.encode(JobId.unwrap(job), seed)), "case id");
        for (uint256 position = 0; position < 12; ++position) {
            uint256 slot = CaseLib.slotOf(seed, id, position, 0, length);
            vm.assertTrue(slot < length, "slot");
            vm.assertEq(slot, uint256(keccak256(abi.encode(seed, id, position, uint256(0)))) % length, "hash");
        }
    }

    function testFuzz_aPriceOfTheAuditValueIsAlwaysDrawnAndNoneNever(
        bytes32 seed,
        JobId job,
        uint64 value
    ) public pure {
        uint256 audited = bound(value, 1, type(uint64).max);
        vm.assertTrue(CaseLib.isDrawn(seed, job, audited, audited), "at it");
        vm.assertTrue(CaseLib.isDrawn(seed, job, type(uint64).max, audited), "above it");
        vm.assertTrue(!CaseLib.isDrawn(seed, job, 0, audited), "for nothing");
    }

    function testFuzz_whoIsDrawnWouldBeForMore(bytes32 seed, JobId job, uint64 price, uint64 value) public pure {
        uint256 audited = bound(value, 1, type(uint64).max);
        bool isDrawn = CaseLib.isDrawn(seed, job, price, audited);
        vm.assertTrue(!isDrawn || CaseLib.isDrawn(seed, job, uint256(price) + 1, audited), "for more");
    }

    /// @dev 4,000 draws of one in eight: 500, with a deviation of 21.
    function test_jobsAreDrawnAsOftenAsTheirPriceIsInTheAuditValue() public pure {
        uint256 drawn = 0;
        uint256[12] memory slots;
        for (uint256 i = 0; i < 4_000; ++i) {
            bytes32 seed = keccak256(abi.encode("seed", i));
            JobId job = JobId.wrap(keccak256(abi.encode("job", i)));
            if (CaseLib.isDrawn(seed, job, 625_000, 5_000_000)) ++drawn;
            slots[CaseLib.slotOf(seed, JobId.unwrap(job), i % 12, 0, 12)] += 1;
        }
        vm.assertTrue(drawn > 400 && drawn < 600, "drawn");
        for (uint256 i = 0; i < 12; ++i) vm.assertTrue(slots[i] > 230 && slots[i] < 440, "slots");
    }

    function testFuzz_aModelsNameDependsOnAllItsTerms(ModelTerms memory terms, uint256 part) public view {
        bytes32 tolerances = keccak256(abi.encode(terms.tolerances));
        bytes32 named = keccak256(abi.encode(terms.manifestHash, terms.backendClass, tolerances, terms.traceKind));
        vm.assertEq(ModelId.unwrap(this.modelId(terms)), named, "name");
        part %= 8;
        Tolerances memory t = terms.tolerances;
        if (part == 0) terms.manifestHash ^= bytes32(uint256(1));
        else if (part == 1) terms.backendClass ^= bytes32(uint256(1));
        else if (part == 2) terms.traceKind ^= bytes32(uint256(1));
        else if (part == 3) t.marginTolerance ^= 1;
        else if (part == 4) t.marginThreshold ^= 1;
        else if (part == 5) t.traceTolerance ^= 1;
        else if (part == 6) t.traceThreshold ^= 1;
        else t.probeTolerance ^= 1;
        vm.assertTrue(ModelId.unwrap(this.modelId(terms)) != named, "another name");
    }

    function testFuzz_thresholdsLieAboveTolerances(Tolerances memory t) public view {
        bool sound = t.marginThreshold > t.marginTolerance && t.traceThreshold > t.traceTolerance;
        sound = sound && t.marginThreshold < 32_767 && t.traceThreshold < 32_767;
        vm.assertTrue(this.areSound(t) == (sound && t.probeTolerance > 0), "sound");
        (t.marginTolerance, t.traceTolerance) = (t.marginTolerance % 32_766, t.traceTolerance % 32_766);
        (t.marginThreshold, t.traceThreshold) = (t.marginTolerance, t.traceTolerance + 1);
        t.probeTolerance |= 1;
        vm.assertTrue(!this.areSound(t), "margin at its tolerance");
        t.marginThreshold += 1;
        vm.assertTrue(this.areSound(t), "above it");
        t.traceThreshold -= 1;
        vm.assertTrue(!this.areSound(t), "trace at its tolerance");
        (t.traceThreshold, t.marginThreshold) = (32_766, 32_766);
        vm.assertTrue(this.areSound(t), "below what a lane can say");
        t.marginThreshold = 32_767;
        vm.assertTrue(!this.areSound(t), "margin that no lane passes");
        (t.traceThreshold, t.marginThreshold) = (32_767, 32_766);
        vm.assertTrue(!this.areSound(t), "trace that no lane passes");
        (t.traceThreshold, t.probeTolerance) = (32_766, 0);
        vm.assertTrue(!this.areSound(t), "no probes");
    }
}
