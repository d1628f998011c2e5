// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";
import {Job} from "./IJobs.sol";

/// @notice What a provider signs for each live call, under the market's EIP-712 domain: what was asked, answered and charged.
struct Receipt {
    address provider;
    /// Who pays, and alone may bring the receipt.
    address payer;
    ModelId model;
    /// The payment channel that paid.
    bytes32 channelId;
    /// From 1 in each channel, given when the call is admitted: the sampling seed depends on it.
    uint64 seq;
    /// All that was charged in the channel, this call included. Token units.
    uint64 cumulative;
    /// keccak256 of the exact bytes of the request.
    bytes32 requestHash;
    /// The result leaf of the one item; zero where the buyer cut the answer short: then it is for the books alone.
    bytes32 resultRoot;
    uint32 promptTokens;
    uint32 completionTokens;
    /// Charged for this call. Token units.
    uint64 amount;
    /// When the call was over. Unix seconds.
    uint40 issuedAt;
}

/// @title IReceipts
/// @notice Receipts of live calls before the court. A receipt is a job of one item in disguise (see ReceiptLib), so that seats judge it as
/// they judge jobs; in place of an escrow and a stake it has the provider's live bond.
interface IReceipts {
    /// @notice A payer brought a receipt; the case with key 0 of this job judges it.
    /// @param operator Whose signature it bears.
    event ReceiptBrought(JobId indexed job, Receipt receipt, address operator);

    /// @notice A provider signed two receipts for one call.
    /// @param slashed What the provider lost. Token units.
    event DoubleReceiptProven(
        address indexed provider,
        address indexed payer,
        bytes32 indexed channelId,
        uint256 seq,
        uint256 slashed
    );

    /// @notice Only the payer may bring its receipts.
    error ReceiptNotPayer(address payer, address caller);

    /// @notice The receipt has no result: the answer was cut short, and nobody can judge it.
    error ReceiptWithoutResult();

    /// @notice The receipt is from the future: bring it at `issuedAt`.
    error ReceiptTooEarly(uint256 issuedAt);

    /// @notice A receipt can be brought before `expiredAt`.
    error ReceiptTooLate(uint256 expiredAt);

    /// @notice The signer was neither the provider nor an operator key of it when the receipt was issued.
    error ReceiptNotOperator(address provider, address signer, uint256 issuedAt);

    /// @notice The signature is not the signer's.
    error ReceiptInvalidSignature(address signer);

    /// @notice The receipt was brought before.
    error ReceiptAlreadyBrought(JobId job);

    /// @notice The two receipts are the same, or not of one provider, payer, channel and number.
    error ReceiptsNotDouble();

    /// @notice That this number was given twice was proven before.
    error ReceiptDoubleKnown(address provider, bytes32 channelId, uint256 seq);

    /// @notice Opens the case about a live call. Only the payer, before the receipt expires, with the bond of a challenge.
    /// @param operator Who signed: the provider, or a key that was its operator when the receipt was issued.
    function bringReceipt(
        Receipt calldata receipt,
        address operator,
        bytes calldata signature
    ) external returns (bytes32 caseId);

    /// @notice Shows that a provider signed two receipts for one call: slashes it without a trial. Only the payer, while one of the two
    /// has not expired; once for each number of its channel.
    /// @return slashed What the provider lost. Token units.
    function proveDoubleReceipt(
        Receipt calldata a,
        address operatorA,
        bytes calldata signatureA,
        Receipt calldata b,
        address operatorB,
        bytes calldata signatureB
    ) external returns (uint256 slashed);

    /// @notice The state of a receipt that was brought, as `jobOf` tells it of jobs: in a case, rejected, or settled where the case is over
    /// and the receipt stands. Its `since` is when the receipt was issued.
    function receiptJobOf(JobId id) external view returns (Job memory);
}
