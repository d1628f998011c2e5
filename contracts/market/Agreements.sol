// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAgreements, Quote} from "../interfaces/IAgreements.sol";
import {Frozen, JobSpec, JobStatus} from "../interfaces/IJobs.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {FrozenLib} from "../libraries/FrozenLib.sol";
import {QuoteLib} from "../libraries/QuoteLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {JobId} from "../types/JobId.sol";
import {Jobs} from "./Jobs.sol";

/// @title Agreements
/// @notice Quotes of providers and orders of clients, agreed off chain and brought by whoever gains.
/// @dev Neither needs a nonce: both are bound to a job id, and a job is posted once.
abstract contract Agreements is IAgreements, Jobs {
    using DeadlineLib for uint256;
    using FrozenLib for Frozen;
    using QuoteLib for Quote;
    using SignatureLib for address;

    /// @inheritdoc IAgreements
    function postAccepted(
        JobSpec calldata spec,
        uint40 validUntil,
        address signer,
        bytes calldata signature
    ) external returns (JobId id) {
        id = jobId(spec);
        _requireListable(id, spec);
        require(spec.provider != address(0), JobProviderMismatch(spec.provider, signer));
        require(msg.sender == spec.client, JobNotClient(spec.client, msg.sender));
        require(uint256(validUntil).isAhead(), QuoteExpired(validUntil));
        require(isOperator(spec.provider, signer), StakingNotOperator(spec.provider, signer));
        bytes32 digest = _hashTypedDataV4(Quote({job: id, validUntil: validUntil}).hash());
        require(signer.isValid(digest, signature), InvalidSignature(signer));

        _debit(spec.client, spec.price);
        _emitPosted(id, spec, "");
        Frozen memory frozen = _engage(spec, spec.provider);
        _store(id, JobStatus.Accepted, frozen.digest());

        emit JobAccepted(id, spec.provider, frozen.verified);
    }

    /// @inheritdoc IAgreements
    function fulfil(
        JobSpec calldata spec,
        bytes calldata signature,
        bytes32 resultRoot
    ) external onlyOperatorOf(spec.provider) returns (JobId id) {
        id = jobId(spec);
        _requireListable(id, spec);
        require(spec.client.isValid(JobId.unwrap(id), signature), InvalidSignature(spec.client));

        _debitReserve(spec.client, spec.price);
        _emitPosted(id, spec, "");
        Frozen memory frozen = _engage(spec, spec.provider);
        emit JobAccepted(id, spec.provider, frozen.verified);
        _deliver(id, frozen, resultRoot);
    }
}
