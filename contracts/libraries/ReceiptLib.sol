// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Frozen, JobSpec} from "../interfaces/IJobs.sol";
import {Receipt} from "../interfaces/IReceipts.sol";
import {JobSpecLib} from "./JobSpecLib.sol";
import {LeafLib} from "./LeafLib.sol";

/// @title ReceiptLib
/// @notice The EIP-712 hash of a receipt, and the job of one item that it stands for. Mirrored by `protocol/receipt.ts`.
library ReceiptLib {
    bytes32 internal constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(address provider,address payer,bytes32 model,bytes32 channelId,uint64 seq,uint64 cumulative,bytes32 requestHash,bytes32 resultRoot,uint32 promptTokens,uint32 completionTokens,uint64 amount,uint40 issuedAt)"
    );
    bytes32 internal constant CALL_TYPEHASH = keccak256("Call(bytes32 channelId,uint64 seq)");

    /// @notice What a false receipt costs its provider, in amounts of the call: caught once in 714 calls (0.2 % are checked, 0.7 of the cheats
    /// among them convicted), it has gained less. Never under `minBond`.
    uint64 internal constant RECEIPT_PENALTY_FACTOR = 1_000;
    /// @notice What the payer of a false receipt has at most, in amounts of the call, beside its share as challenger.
    uint64 internal constant RECEIPT_COMPENSATION_FACTOR = 10;

    /// @notice EIP-712 `hashStruct`.
    function hash(Receipt calldata receipt) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, receipt));
    }

    /// @notice The salt of the job that a call stands for: EIP-712 `hashStruct` of the call.
    function callSalt(bytes32 channelId, uint64 seq) internal pure returns (bytes32) {
        return keccak256(abi.encode(CALL_TYPEHASH, channelId, seq));
    }

    /// @notice The spec of the job that a receipt stands for. Its flag is one that the market lists no job with.
    /// @param lifetime The court's `receiptLifetime`.
    function toSpec(Receipt calldata receipt, uint32 lifetime) internal pure returns (JobSpec memory spec) {
        spec.client = receipt.payer;
        spec.provider = receipt.provider;
        spec.model = receipt.model;
        spec.input = LeafLib.inputLeaf(0, receipt.requestHash);
        spec.items = 1;
        spec.price = receipt.amount;
        spec.acceptBy = receipt.issuedAt;
        spec.challengeWindow = lifetime;
        spec.flags = JobSpecLib.RECEIPT;
        spec.salt = callSalt(receipt.channelId, receipt.seq);
    }

    /// @notice What is frozen of that job.
    function toFrozen(Receipt calldata receipt, uint32 lifetime) internal pure returns (Frozen memory frozen) {
        frozen.provider = receipt.provider;
        frozen.price = receipt.amount;
        frozen.challengeWindow = lifetime;
        frozen.verified = true;
        frozen.resultRoot = receipt.resultRoot;
    }
}
