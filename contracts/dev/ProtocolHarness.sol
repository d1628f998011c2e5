// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Quote} from "../interfaces/IAgreements.sol";
import {Frozen, JobSpec} from "../interfaces/IJobs.sol";
import {Receipt} from "../interfaces/IReceipts.sol";
import {ModelTerms, Tolerances} from "../interfaces/ISeats.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {FeeLib} from "../libraries/FeeLib.sol";
import {FrozenLib} from "../libraries/FrozenLib.sol";
import {JobSpecLib} from "../libraries/JobSpecLib.sol";
import {LeafLib} from "../libraries/LeafLib.sol";
import {ModelLib} from "../libraries/ModelLib.sol";
import {QuoteLib} from "../libraries/QuoteLib.sol";
import {ReceiptLib} from "../libraries/ReceiptLib.sol";
import {WordLib} from "../libraries/WordLib.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";

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

    function receiptHash(Receipt calldata receipt) external pure returns (bytes32) {
        return ReceiptLib.hash(receipt);
    }

    function receiptSpec(Receipt calldata receipt, uint32 lifetime) external pure returns (JobSpec memory) {
        return ReceiptLib.toSpec(receipt, lifetime);
    }

    function receiptFrozen(Receipt calldata receipt, uint32 lifetime) external pure returns (Frozen memory) {
        return ReceiptLib.toFrozen(receipt, lifetime);
    }

    function callSalt(bytes32 channelId, uint64 seq) external pure returns (bytes32) {
        return ReceiptLib.callSalt(channelId, seq);
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

    function traceLeaf(uint256 chunk, bytes32 chunkHash) external pure returns (bytes32) {
        return LeafLib.traceLeaf(chunk, chunkHash);
    }

    function modelId(ModelTerms calldata terms) external pure returns (ModelId) {
        return ModelLib.modelId(terms);
    }

    function areSound(Tolerances calldata tolerances) external pure returns (bool) {
        return ModelLib.areSound(tolerances);
    }

    function caseId(JobId job, uint256 key) external pure returns (bytes32) {
        return CaseLib.caseId(job, key);
    }

    function isDrawn(bytes32 seed, JobId job, uint256 price, uint256 auditValue) external pure returns (bool) {
        return CaseLib.isDrawn(seed, job, price, auditValue);
    }

    function startItem(bytes32 seed, JobId job, uint32 items) external pure returns (uint32) {
        return CaseLib.startItem(seed, job, items);
    }

    function slotOf(
        bytes32 seed,
        bytes32 id,
        uint256 position,
        uint256 attempt,
        uint256 slots
    ) external pure returns (uint256) {
        return CaseLib.slotOf(seed, id, position, attempt, slots);
    }

    function commitment(
        address court,
        bytes32 id,
        uint256 position,
        uint32 seat,
        bytes32 word,
        bytes32 salt
    ) external pure returns (bytes32) {
        return CaseLib.commitment(court, id, position, seat, word, salt);
    }

    function medianWord(bytes32[] memory words) external pure returns (bytes32) {
        return WordLib.median(words);
    }

    function isNear(bytes32 word, bytes32 center, Tolerances calldata tolerances) external pure returns (bool) {
        return WordLib.isNear(word, center, tolerances);
    }

    function isOver(bytes32 word, Tolerances calldata tolerances) external pure returns (bool) {
        return WordLib.isOver(word, tolerances);
    }

    function lane(bytes32 word, uint256 index) external pure returns (int256) {
        return WordLib.lane(word, index);
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
