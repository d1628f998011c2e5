// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Tolerances} from "../interfaces/ISeats.sol";

/// @title WordLib
/// @notice The arithmetic of words: sixteen lanes of int16, lane i in bytes 2i and 2i + 1, big-endian.
/// @dev Lanes: 0 tokens covered; 1 mismatches, for information; 2 mean Gumbel margin x 2^20; 3 distance to the trace x 4096;
/// 4 to 15 probes of the logits. Mirrored by `protocol/word.ts`.
library WordLib {
    uint256 internal constant LANES = 16;
    uint256 internal constant FIRST_PROBE_LANE = 4;
    uint256 internal constant MARGIN_LANE = 2;
    uint256 internal constant TRACE_LANE = 3;

    /// @notice One lane of a word.
    function lane(bytes32 word, uint256 index) internal pure returns (int256) {
        // below 16, so that nothing wraps
        unchecked {
            return int16(uint16(uint256(word) >> (240 - 16 * index)));
        }
    }

    /// @notice The word whose every lane is the median of that lane; of an even number, the lower of the two in the middle.
    /// @param words At least one.
    function median(bytes32[] memory words) internal pure returns (bytes32 result) {
        uint256 middle = (words.length - 1) / 2;
        for (uint256 i = 0; i < LANES; ++i) {
            int256 value = _laneMedian(words, i, middle);
            result = bytes32((uint256(result) << 16) | uint16(int16(value)));
        }
    }

    /// @notice Whether a word says what the median says, as far as honest machines agree.
    function isNear(bytes32 word, bytes32 center, Tolerances memory t) internal pure returns (bool) {
        if (lane(word, 0) != lane(center, 0)) return false;
        if (_distance(word, center, MARGIN_LANE) > t.marginTolerance) return false;
        if (_distance(word, center, TRACE_LANE) > t.traceTolerance) return false;
        uint256 squares = 0;
        for (uint256 i = FIRST_PROBE_LANE; i < LANES; ++i) {
            uint256 distance = _distance(word, center, i);
            squares += distance * distance;
        }
        return squares <= t.probeTolerance;
    }

    /// @notice Whether a word says that the result did not come from the model.
    function isOver(bytes32 word, Tolerances memory t) internal pure returns (bool) {
        bool isWrongSample = lane(word, MARGIN_LANE) > int256(uint256(t.marginThreshold));
        return isWrongSample || lane(word, TRACE_LANE) > int256(uint256(t.traceThreshold));
    }

    /// @dev What tier one needs, at a third of the price.
    function _middleOf(int256 a, int256 b, int256 c) private pure returns (int256) {
        if (a > b) (a, b) = (b, a);
        if (b > c) b = c;
        return a > b ? a : b;
    }

    function _distance(bytes32 a, bytes32 b, uint256 index) private pure returns (uint256) {
        // lanes have 16 bits
        unchecked {
            int256 difference = lane(a, index) - lane(b, index);
            return uint256(difference < 0 ? -difference : difference);
        }
    }

    /// @dev Selects by rank: few words, so counting beats sorting. Some word always has the middle rank.
    function _laneMedian(bytes32[] memory words, uint256 index, uint256 middle) private pure returns (int256 value) {
        uint256 count = words.length;
        if (count == 3) return _middleOf(lane(words[0], index), lane(words[1], index), lane(words[2], index));
        for (uint256 i = 0; ;) {
            value = lane(words[i], index);
            uint256 below = 0;
            uint256 equal = 0;
            for (uint256 j = 0; j < count;) {
                int256 other = lane(words[j], index);
                // counts of words, which are few
                unchecked {
                    if (other < value) ++below;
                    else if (other == value) ++equal;
                    ++j;
                }
            }
            unchecked {
                if (below <= middle && middle < below + equal) return value;
                ++i;
            }
        }
    }
}
