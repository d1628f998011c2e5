// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Frozen, Job, JobStatus} from "../interfaces/IJobs.sol";
import {IReceipts, Receipt} from "../interfaces/IReceipts.sol";
import {OperatorKey} from "../interfaces/IStaking.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {FrozenLib} from "../libraries/FrozenLib.sol";
import {ReceiptLib} from "../libraries/ReceiptLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {JobId} from "../types/JobId.sol";
import {Tiers} from "./Tiers.sol";

/// @title Receipts
/// @notice How a payer brings a receipt of a live call before the court.
abstract contract Receipts is IReceipts, Tiers {
    using DeadlineLib for uint256;
    using FrozenLib for Frozen;
    using ReceiptLib for Receipt;
    using SignatureLib for address;

    /// @dev The key of a receipt's one case: its one item.
    uint32 private constant ITEM = 0;

    /// @inheritdoc IReceipts
    function bringReceipt(
        Receipt calldata receipt,
        address operator,
        bytes calldata signature
    ) external returns (bytes32 caseId) {
        require(msg.sender == receipt.payer, ReceiptNotPayer(receipt.payer, msg.sender));
        require(receipt.resultRoot != 0, ReceiptWithoutResult());
        uint256 issuedAt = receipt.issuedAt;
        require(issuedAt.hasPassed(), ReceiptTooEarly(issuedAt));
        require(_expiryOf(receipt).isAhead(), ReceiptTooLate(_expiryOf(receipt)));
        _requireSigned(receipt, operator, signature);
        JobId id = _market.jobId(receipt.toSpec(RECEIPT_LIFETIME));
        require(_receiptJobs[id].status == JobStatus.None, ReceiptAlreadyBrought(id));
        require(_market.isVerified(receipt.model), CaseNotVerified(id));

        _receiptJobs[id] = Job({
            status: JobStatus.InCase,
            since: receipt.issuedAt,
            digest: receipt.toFrozen(RECEIPT_LIFETIME).digest()
        });
        _holds[id] = 1;
        ++_bonds[receipt.provider].openCases;
        uint64 bond = _bondOf(receipt.amount);
        _market.collect(msg.sender, bond);
        emit ReceiptBrought(id, receipt, operator);

        caseId = _open(id, ITEM, ITEM, bond);
        _pin(caseId, 1);
    }

    /// @inheritdoc IReceipts
    function proveDoubleReceipt(
        Receipt calldata a,
        address operatorA,
        bytes calldata signatureA,
        Receipt calldata b,
        address operatorB,
        bytes calldata signatureB
    ) external returns (uint256 slashed) {
        require(msg.sender == a.payer, ReceiptNotPayer(a.payer, msg.sender));
        require(_areDouble(a, b), ReceiptsNotDouble());
        uint256 expiry = Math.max(_expiryOf(a), _expiryOf(b));
        require(expiry.isAhead(), ReceiptTooLate(expiry));
        // With the payer: receipts for an accomplice must not use up the number of a channel that is not its own.
        bytes32 call = keccak256(abi.encode(a.provider, a.payer, a.channelId, a.seq));
        require(!_knownDoubles[call], ReceiptDoubleKnown(a.provider, a.channelId, a.seq));
        _requireSigned(a, operatorA, signatureA);
        _requireSigned(b, operatorB, signatureB);

        _knownDoubles[call] = true;
        (slashed, ) = _slashBond(a.provider, a.payer, Math.max(a.amount, b.amount), false, 0);

        emit DoubleReceiptProven(a.provider, a.payer, a.channelId, a.seq, slashed);
    }

    /// @inheritdoc IReceipts
    function receiptJobOf(JobId id) external view returns (Job memory) {
        return _receiptJobs[id];
    }

    /// @dev Whoever signed was the provider, or a key of it when the receipt was issued: a key that was rotated out since still
    /// answers for what it signed.
    function _requireSigned(Receipt calldata receipt, address operator, bytes calldata signature) private view {
        OperatorKey memory key = _market.operatorKey(receipt.provider, operator);
        uint256 issuedAt = receipt.issuedAt;
        bool isOperator = key.validFrom <= issuedAt && issuedAt < key.validUntil;
        require(operator == receipt.provider || isOperator, ReceiptNotOperator(receipt.provider, operator, issuedAt));
        bytes32 digest = MessageHashUtils.toTypedDataHash(_marketDomain(), receipt.hash());
        require(operator.isValid(digest, signature), ReceiptInvalidSignature(operator));
    }

    /// @dev The EIP-712 domain of the market, as it tells it (EIP-5267): so no receipt counts in another market or chain.
    function _marketDomain() private view returns (bytes32) {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address place,
            bytes32 salt,

        ) = IERC5267(address(_market)).eip712Domain();
        return MessageHashUtils.toDomainSeparator(fields, name, version, chainId, place, salt);
    }

    function _expiryOf(Receipt calldata receipt) private view returns (uint256) {
        return uint256(receipt.issuedAt) + RECEIPT_LIFETIME;
    }

    /// @dev Whether two different receipts are about one call.
    function _areDouble(Receipt calldata a, Receipt calldata b) private pure returns (bool) {
        bool isOneCall = a.provider == b.provider && a.channelId == b.channelId && a.seq == b.seq;
        return isOneCall && a.payer == b.payer && a.hash() != b.hash();
    }
}
