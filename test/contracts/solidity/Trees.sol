// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Trees
/// @notice Merkle trees with sorted pairs; a node without a brother goes up as it is.
library Trees {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        while (leaves.length > 1) leaves = _above(leaves);
        return leaves[0];
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](leaves.length);
        uint256 length = 0;
        while (leaves.length > 1) {
            uint256 brother = index ^ 1;
            if (brother < leaves.length) path[length++] = leaves[brother];
            leaves = _above(leaves);
            index /= 2;
        }
        assembly ("memory-safe") {
            mstore(path, length)
        }
    }

    function _above(bytes32[] memory nodes) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            bytes32 left = nodes[2 * i];
            bytes32 right = 2 * i + 1 < nodes.length ? nodes[2 * i + 1] : bytes32(0);
            if (right == 0) above[i] = left;
            else above[i] = left < right ? keccak256(bytes.concat(left, right)) : keccak256(bytes.concat(right, left));
        }
    }
}
