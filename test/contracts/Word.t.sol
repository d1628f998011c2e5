// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Tolerances} from "../../contracts/interfaces/ISeats.sol";
import {WordLib} from "../../contracts/libraries/WordLib.sol";
import {bound, vm} from "./solidity/Vm.sol";
import {Words} from "./solidity/Words.sol";

contract WordTest {
    using WordLib for bytes32;
    using WordLib for bytes32[];

    int16 private constant LOWEST = type(int16).min;
    int16 private constant HIGHEST = type(int16).max;

    function testFuzz_lanesAreSignedAndBigEndian(bytes32 word) public pure {
        int16[16] memory lanes;
        for (uint256 i = 0; i < 16; ++i) {
            lanes[i] = int16(word.lane(i));
            vm.assertTrue(word.lane(i) == Words.lane(word, i), "lane");
        }
        vm.assertEq(Words.pack(lanes), word, "packed again");
    }

    function testFuzz_theMedianIsThatOfTheSortedLanes(bytes32[9] memory given, uint256 count) public pure {
        count = bound(count, 1, 9);
        bytes32[] memory words = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) words[i] = given[i];
        vm.assertEq(words.median(), Words.median(words), "median");
    }

    function testFuzz_ofFewDistinctWordsTheMedianIsTheSameTheOtherWayRound(uint256 seed, uint256 count) public pure {
        count = bound(count, 1, 9);
        bytes32[] memory words = new bytes32[](count);
        bytes32[] memory turned = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            int16[16] memory lanes;
            for (uint256 j = 0; j < 16; ++j) {
                uint256 kind = uint256(keccak256(abi.encode(seed, i, j))) % 4;
                lanes[j] = [LOWEST, int16(0), int16(-1), HIGHEST][kind];
            }
            turned[count - 1 - i] = words[i] = Words.pack(lanes);
        }
        vm.assertEq(words.median(), Words.median(words), "median");
        vm.assertEq(words.median(), turned.median(), "turned");
    }

    /// @dev Whatever fewer than half of the words say, every lane stays between the honest ones.
    function testFuzz_aMinorityCannotMoveTheMedianPastTheOthers(bytes32[9] memory given, uint256 count) public pure {
        count = bound(count, 3, 9);
        uint256 honest = count / 2 + 1;
        bytes32[] memory words = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) words[i] = given[i];
        bytes32 center = words.median();
        for (uint256 j = 0; j < 16; ++j) {
            (int256 low, int256 high) = (int256(HIGHEST), int256(LOWEST));
            for (uint256 i = 0; i < honest; ++i) {
                int256 value = words[i].lane(j);
                if (value < low) low = value;
                if (value > high) high = value;
            }
            vm.assertTrue(low <= center.lane(j) && center.lane(j) <= high, "beyond the honest");
        }
    }

    function testFuzz_nearAndOverAreAsWrittenOut(bytes32 a, bytes32 b, Tolerances memory t, uint256 seed) public pure {
        bytes32 close = _nudged(a, seed);
        vm.assertTrue(a.isNear(b, t) == Words.isNear(a, b, t), "near");
        vm.assertTrue(a.isNear(close, t) == Words.isNear(a, close, t), "near by little");
        vm.assertTrue(a.isNear(close, t) == close.isNear(a, t), "both ways");
        vm.assertTrue(a.isOver(t) == Words.isOver(a, t), "over");
    }

    function testFuzz_atItsToleranceALaneIsNearAndBehindItNotAnyMore(uint16 limit, int16 place, bool up) public pure {
        uint16 most = uint16(up ? uint256(int256(HIGHEST) - place) : uint256(int256(place) - LOWEST));
        limit = uint16(bound(limit, 0, most));
        Tolerances memory t = Tolerances(limit, HIGH, limit, HIGH, uint32(limit) * limit);
        for (uint256 i = 0; i < 16; ++i) {
            int16[16] memory lanes;
            lanes[i] = place;
            bytes32 word = Words.pack(lanes);
            lanes[i] = _moved(place, limit, up);
            bool isNear = word.isNear(Words.pack(lanes), t);
            vm.assertTrue(isNear == (i != 0 || limit == 0), "at the limit");
            if (limit == most) continue;
            lanes[i] = _moved(place, limit + 1, up);
            vm.assertTrue(word.isNear(Words.pack(lanes), t) == (i == 1), "behind it");
        }
    }

    function testFuzz_theProbesAreMeasuredTogether(uint16 distance, bytes32 seed) public pure {
        distance = uint16(bound(distance, 1, 1_000));
        int16[16] memory lanes;
        bytes32 word = Words.pack(lanes);
        for (uint256 i = 4; i < 16; ++i) {
            bool up = uint256(seed) & (1 << i) != 0;
            lanes[i] = up ? int16(distance) : -int16(distance);
        }
        uint32 squares = 12 * uint32(distance) * distance;
        Tolerances memory t = Tolerances(0, 1, 0, 1, squares);
        vm.assertTrue(word.isNear(Words.pack(lanes), t), "their sum");
        t.probeTolerance -= 1;
        vm.assertTrue(!word.isNear(Words.pack(lanes), t), "less than their sum");
    }

    function testFuzz_aThresholdIsPassedBehindItOnly(uint16 threshold, bool isTrace) public pure {
        threshold = uint16(bound(threshold, 0, uint16(HIGHEST) - 1));
        Tolerances memory t = Tolerances(0, isTrace ? HIGH : threshold, 0, isTrace ? threshold : HIGH, 1);
        int16[16] memory lanes;
        uint256 i = isTrace ? 3 : 2;
        lanes[i] = int16(threshold);
        vm.assertTrue(!Words.pack(lanes).isOver(t), "at it");
        lanes[i] += 1;
        vm.assertTrue(Words.pack(lanes).isOver(t), "behind it");
        lanes[i] = LOWEST;
        vm.assertTrue(!Words.pack(lanes).isOver(t), "far below");
    }

    function test_theExtremesAreFarApartAndDoNotOverflow() public pure {
        int16[16] memory low;
        int16[16] memory high;
        for (uint256 i = 1; i < 16; ++i) (low[i], high[i]) = (LOWEST, HIGHEST);
        Tolerances memory t = Tolerances(HIGH, HIGH, HIGH, HIGH, type(uint32).max);
        vm.assertTrue(!Words.pack(low).isNear(Words.pack(high), t), "near");
        for (uint256 i = 4; i < 15; ++i) high[i] = LOWEST;
        vm.assertTrue(Words.pack(low).isNear(Words.pack(high), t), "one probe alone");
    }

    uint16 private constant HIGH = type(uint16).max;

    function _moved(int16 from, uint16 by, bool up) private pure returns (int16) {
        int256 distance = int256(uint256(by));
        return int16(up ? from + distance : from - distance);
    }

    /// @dev The same word but for a little in some lanes.
    function _nudged(bytes32 word, uint256 seed) private pure returns (bytes32) {
        int16[16] memory lanes;
        for (uint256 i = 0; i < 16; ++i) {
            int256 value = Words.lane(word, i);
            uint256 by = (seed >> (8 * i)) & 255;
            if (i > 0 && by < 128 && value + int256(by) <= HIGHEST) value += int256(by);
            lanes[i] = int16(value);
        }
        return Words.pack(lanes);
    }
}
