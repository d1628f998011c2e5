// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Quote} from "../interfaces/IAgreements.sol";
import {Frozen, JobSpec} from "../interfaces/IJobs.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {FeeLib} from "../libraries/FeeLib.sol";
import {FrozenLib} from "../libraries/FrozenLib.sol";
import {JobSpecLib} from "../libraries/JobSpecLib.sol";
import {LeafLib} from "../libraries/LeafLib.sol";
import {QuoteLib} from "../libraries/QuoteLib.sol";
import {JobId} from "../types/JobId.sol";

/// @title ProtocolHarness
/// @notice Shows the internal libraries to tests that hold them and their TypeScript twins together.
contract ProtocolHarness {
    function jobSpecHash(JobSpec calldata spec) external pure returns (bytes32) {
        return JobSpecLib.hash(spec);
    }

    function frozenDigest(Frozen memory frozen) external pure returns (bytes26) {
        return FrozenLib.digest(frozen);
    }

    function quoteHash(Quote memory quote) external pure returns (bytes32) {
        return QuoteLib.hash(quote);
    }

    function inputLeaf(uint256 index, bytes32 requestHash) external pure returns (bytes32) {
        return LeafLib.inputLeaf(index, requestHash);
    }

    function resultLeaf(
        JobId job,
        address provider,
        uint256 index,
        bytes32 outputHash,
        bytes32 traceRoot
    ) external pure returns (bytes32) {
        return LeafLib.resultLeaf(job, provider, index, outputHash, traceRoot);
    }

    function verifyProof(bytes32[] calldata proof, bytes32 root, bytes32 leaf) external pure returns (bool) {
        return MerkleProof.verifyCalldata(proof, root, leaf);
    }

    function shareUp(uint256 amount, uint256 basisPoints) external pure returns (uint256) {
        return FeeLib.shareUp(amount, basisPoints);
    }

    function shareDown(uint256 amount, uint256 basisPoints) external pure returns (uint256) {
        return FeeLib.shareDown(amount, basisPoints);
    }

    function noShowPenalty(uint256 price, uint256 basisPoints, uint256 floor) external pure returns (uint256) {
        return FeeLib.noShowPenalty(price, basisPoints, floor);
    }

    function isAhead(uint256 deadline) external view returns (bool) {
        return DeadlineLib.isAhead(deadline);
    }

    function hasPassed(uint256 deadline) external view returns (bool) {
        return DeadlineLib.hasPassed(deadline);
    }
}
