// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";

/// @title LeafLib
/// @notice The leaves of a job's Merkle trees (pairs hashed in sorted order, as OpenZeppelin's MerkleProof does).
/// @dev A leaf hashes more than two words, so no inner node can pass for one. Mirrored by `protocol/leaf.ts`.
library LeafLib {
    bytes32 internal constant INPUT_LEAF_TYPEHASH = keccak256("InputLeaf(uint256 index,bytes32 requestHash)");
    bytes32 internal constant RESULT_LEAF_TYPEHASH = keccak256(
        "ResultLeaf(bytes32 job,address provider,uint256 index,bytes32 outputHash,bytes32 traceRoot)"
    );

    bytes32 internal constant TRACE_LEAF_TYPEHASH = keccak256("TraceLeaf(uint256 chunk,bytes32 chunkHash)");

    /// @notice Bytes of a trace for each token.
    uint32 internal constant TRACE_ENTRY_BYTES = 52;
    /// @notice Bytes of a whole chunk of a trace: 1,024 tokens.
    uint256 internal constant TRACE_CHUNK_BYTES = 1024 * TRACE_ENTRY_BYTES;

    /// @notice The leaf of one request.
    /// @param index Its position, from zero.
    /// @param requestHash keccak256 of the exact bytes of the request.
    function inputLeaf(uint256 index, bytes32 requestHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(INPUT_LEAF_TYPEHASH, index, requestHash));
    }

    /// @notice The leaf of one chunk of a trace.
    /// @param chunk Its position, from zero.
    /// @param chunkHash keccak256 of its exact bytes.
    function traceLeaf(uint256 chunk, bytes32 chunkHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(TRACE_LEAF_TYPEHASH, chunk, chunkHash));
    }

    /// @notice The leaf of one result.
    /// @param outputHash keccak256 of the exact bytes of the output.
    /// @param traceRoot Merkle root of the trace; zero where the model id asks for none.
    function resultLeaf(
        JobId job,
        address provider,
        uint256 index,
        bytes32 outputHash,
        bytes32 traceRoot
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(RESULT_LEAF_TYPEHASH, job, provider, index, outputHash, traceRoot));
    }
}
