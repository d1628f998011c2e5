// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IRandomness} from "../interfaces/IRandomness.sol";

/// @title BlockHashes
/// @notice Seeds from block hashes: the last 256 by the opcode, the last 8,191 by the history contract (EIP-2935).
/// @dev Whoever makes blocks can withhold one to have another hash. What that gains on which chain is in docs/threats.md.
contract BlockHashes is IRandomness {
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @inheritdoc IRandomness
    function seedOf(uint256 blockNumber) external view returns (bytes32 seed) {
        if (blockNumber >= block.number) return 0;
        seed = blockhash(blockNumber);
        if (seed != 0) return seed;
        (bool success, bytes memory result) = HISTORY.staticcall(abi.encode(blockNumber));
        return success && result.length == 32 ? bytes32(result) : bytes32(0);
    }
}
