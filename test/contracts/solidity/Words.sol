// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Tolerances} from "../../../contracts/interfaces/ISeats.sol";

/// @title Words
/// @notice The rules of words written out once more, by sorting and one lane at a time: a second opinion on the court's.
library Words {
    function pack(int16[16] memory lanes) internal pure returns (bytes32) {
        bytes memory packed;
        for (uint256 i = 0; i < 16; ++i) packed = abi.encodePacked(packed, lanes[i]);
        return bytes32(packed);
    }

    function lane(bytes32 word, uint256 i) internal pure returns (int256) {
        bytes2 pair = bytes2(word << (16 * i));
        return int256(int16(uint16(pair)));
    }

    function median(bytes32[] memory words) internal pure returns (bytes32) {
        int16[16] memory lanes;
        for (uint256 i = 0; i < 16; ++i) {
            int256[] memory values = new int256[](words.length);
            for (uint256 j = 0; j < words.length; ++j) values[j] = lane(words[j], i);
            _sort(values);
            lanes[i] = int16(values[(words.length - 1) / 2]);
        }
        return pack(lanes);
    }

    function isNear(bytes32 a, bytes32 b, Tolerances memory t) internal pure returns (bool) {
        if (lane(a, 0) != lane(b, 0)) return false;
        int256 margin = lane(a, 2) - lane(b, 2);
        int256 trace = lane(a, 3) - lane(b, 3);
        int256 marginLimit = int256(uint256(t.marginTolerance));
        int256 traceLimit = int256(uint256(t.traceTolerance));
        if (margin > marginLimit || margin < -marginLimit || trace > traceLimit || trace < -traceLimit) return false;
        int256 squares = 0;
        for (uint256 i = 4; i < 16; ++i) squares += (lane(a, i) - lane(b, i)) ** 2;
        return squares <= int256(uint256(t.probeTolerance));
    }

    function isOver(bytes32 word, Tolerances memory t) internal pure returns (bool) {
        if (lane(word, 2) > int256(uint256(t.marginThreshold))) return true;
        return lane(word, 3) > int256(uint256(t.traceThreshold));
    }

    function _sort(int256[] memory values) private pure {
        for (uint256 i = 1; i < values.length; ++i) {
            for (uint256 j = i; j > 0 && values[j - 1] > values[j]; --j) {
                (values[j - 1], values[j]) = (values[j], values[j - 1]);
            }
        }
    }
}
