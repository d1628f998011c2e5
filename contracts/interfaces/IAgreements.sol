// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {JobSpec} from "./IJobs.sol";

/// @notice A provider's promise to take one job on, signed off chain.
struct Quote {
    /// The job as it will be posted, with this provider and its price. It is the quote's nonce too: a job is posted once.
    JobId job;
    /// The quote is good before this. Unix seconds.
    uint40 validUntil;
}

/// @title IAgreements
/// @notice Jobs agreed off chain by EIP-712 signatures, which saves transactions and costs losers nothing.
interface IAgreements {
    /// @notice The quote is too old. Ask for a new one.
    error QuoteExpired(uint256 validUntil);

    /// @notice The signature is not the signer's over this.
    error InvalidSignature(address signer);

    /// @notice Posts the caller's job already accepted, by a quote of the provider that the spec names.
    /// @dev The provider fetched the input before it quoted, so no place to fetch it from is given.
    /// @param validUntil As quoted.
    /// @param signer The provider or a valid operator key of it; ERC-1271 accounts are welcome.
    /// @param signature The signer's, over the EIP-712 digest of `Quote(job, validUntil)`.
    function postAccepted(
        JobSpec calldata spec,
        uint40 validUntil,
        address signer,
        bytes calldata signature
    ) external returns (JobId id);

    /// @notice Posts, accepts and submits a job that its client ordered by signature, paid from the client's reserve.
    /// @dev The order is the spec itself: the client signs the job id, which is its EIP-712 digest. It must name its
    /// provider and stands until `acceptBy`. By the provider or a valid operator key of it.
    function fulfil(JobSpec calldata spec, bytes calldata signature, bytes32 resultRoot) external returns (JobId id);
}
