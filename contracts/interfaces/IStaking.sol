// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelId} from "../types/ModelId.sol";

/// @notice Stake that was asked back. It stays slashable until it is withdrawn.
struct Unbonding {
    uint64 amount;
    /// When it may be withdrawn. Unix seconds.
    uint40 withdrawableAt;
}

/// @notice When a key may act for a provider: from `validFrom` on, before `validUntil`. Unix seconds.
struct OperatorKey {
    uint40 validFrom;
    uint40 validUntil;
}

/// @notice One share of a slash that does not burn.
struct Award {
    address recipient;
    uint64 amount;
}

/// @title IStaking
/// @notice What a provider risks, and which keys act for it.
/// @dev A provider is its cold account. Operator keys accept, submit and sign; they never withdraw or unstake.
interface IStaking {
    /// @notice Free balance became stake.
    event Staked(address indexed provider, uint256 amount);

    /// @notice Stake was asked back.
    /// @param amount All that is now unbonding.
    event UnstakeRequested(address indexed provider, uint256 amount, uint256 withdrawableAt);

    /// @notice Unbonded stake became free balance.
    event StakeWithdrawn(address indexed provider, uint256 amount);

    /// @notice A key's interval of validity began or was moved.
    event OperatorSet(address indexed provider, address indexed operator, uint256 validFrom, uint256 validUntil);

    /// @notice A provider published where its card is.
    /// @param operator The key that published it.
    /// @param uri The provider card: JSON in the shape of an ERC-8004 registration file.
    event ProviderUpdated(address indexed provider, address indexed operator, string uri);

    /// @notice A provider lost stake for failing a duty or by a verdict: first what is staked, then what is unbonding.
    /// @param burned What went to nobody, out of `amount`.
    event Slashed(address indexed provider, uint256 amount, uint256 burned);

    /// @notice Somebody was given a part of what a verdict takes from a provider.
    event Awarded(address indexed recipient, address indexed provider, uint256 amount);

    /// @notice What a provider lost for failing a duty went to the assurance pool, but for the client's fifth.
    event PenaltyPooled(address indexed provider, uint256 amount);

    /// @notice The court said whether a model's panel can judge.
    event ModelVerified(ModelId indexed model, bool verified);

    /// @notice The caller is neither the provider nor one of its valid operator keys.
    error StakingNotOperator(address provider, address caller);

    /// @notice Less stake than the minimum. Stake `minStake - stake` more.
    error StakingBelowMinimum(address provider, uint256 stake, uint256 minStake);

    /// @notice Accepting would risk more than the stake answers for. Wait for settlements, or stake more.
    error StakingExposureExceeded(address provider, uint256 exposure, uint256 cap);

    /// @notice The remaining stake would not carry the open exposure, or there is not so much stake.
    /// @param available What may be asked back now.
    error StakingInsufficientStake(address provider, uint256 available, uint256 requested);

    /// @notice Nothing is unbonding, or it is not withdrawable before `withdrawableAt`.
    error StakingNotWithdrawable(address provider, uint256 amount, uint256 withdrawableAt);

    /// @notice A key whose interval is over cannot come back. Use a fresh key.
    error StakingOperatorKeyEnded(address provider, address operator, uint256 validUntil);

    /// @notice An operator key must not be zero, nor the provider itself.
    error StakingInvalidOperator(address operator);

    /// @notice A new key's interval must end in the future.
    error StakingInvalidInterval(uint256 validUntil, uint256 timestamp);

    /// @notice An amount of zero does nothing.
    error StakingZeroAmount();

    /// @notice Only the court may do this.
    error StakingNotCourt(address caller);

    /// @notice At least half of a slash burns.
    error StakingAwardsTooHigh(uint256 awarded, uint256 slashed);

    /// @notice Moves `amount` of the caller's free balance into its stake.
    function stake(uint256 amount) external;

    /// @notice Asks `amount` more of the caller's stake back; the period of all that is unbonding starts anew.
    /// @dev What remains must carry the open exposure, and be the minimum stake while there is any.
    function requestUnstake(uint256 amount) external;

    /// @notice Moves unbonded stake into the provider's free balance once the period is over. Anyone may call.
    function withdrawStake(address provider) external;

    /// @notice Lets `operator` act for the caller until `validUntil`; for a valid key, zero or a past second ends it now.
    /// @dev A key's interval is kept for ever, so that a rotated key still answers for what it signed.
    function setOperator(address operator, uint40 validUntil) external;

    /// @notice Publishes where the provider's card is. By the provider or a valid operator key.
    function updateProvider(address provider, string calldata uri) external;

    /// @notice Takes up to `amount` of a provider's stake, unbonding included, gives the awards and burns the rest.
    /// @dev Only the court. At least half of what is taken burns.
    /// @return taken What there was to take.
    function slash(address provider, uint256 amount, Award[] calldata awards) external returns (uint256 taken);

    /// @notice Sets whether a model's panel can judge. Only the court.
    function setVerified(ModelId model, bool verified) external;

    /// @notice Whether jobs of this model are now accepted as verified.
    function isVerified(ModelId model) external view returns (bool);

    /// @notice The interval of a key; zeros if the provider never set it.
    function operatorKey(address provider, address operator) external view returns (OperatorKey memory);

    /// @notice Whether `caller` may act for `provider` now.
    function isOperator(address provider, address caller) external view returns (bool);

    /// @notice What is unbonding.
    function unbondingOf(address provider) external view returns (Unbonding memory);

    /// @notice How much more a provider may accept now. Token units; zero below the minimum stake.
    function capacityOf(address provider) external view returns (uint256);
}
