// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a provider answers with for its live calls, as stored: one slot.
struct LiveBond {
    /// All that can be slashed, `leaving` included. Token units.
    uint64 amount;
    /// The part that was asked back. Who buys counts on the rest alone.
    uint64 leaving;
    /// When `leaving` may be withdrawn, if no case is open then. Unix seconds.
    uint40 withdrawableAt;
    /// Open cases about receipts of the provider.
    uint32 openCases;
}

/// @title IBonds
/// @notice The bonds of providers that sell live calls. A bond lies in the court's account of the market; jobs do not touch it, as
/// live calls do not touch the stake.
interface IBonds {
    /// @notice Free balance became bond.
    event BondPosted(address indexed provider, uint256 amount);

    /// @notice Part of a bond was asked back.
    /// @param leaving All that is now leaving.
    event BondExitRequested(address indexed provider, uint256 leaving, uint256 withdrawableAt);

    /// @notice What was leaving became free balance.
    event BondWithdrawn(address indexed provider, uint256 amount);

    /// @notice A provider lost bond for a receipt.
    /// @param burned What went to nobody, out of `amount`.
    event BondSlashed(address indexed provider, uint256 amount, uint256 burned);

    /// @notice An amount of zero does nothing.
    error BondZeroAmount();

    /// @notice There is not so much bond that is not leaving already.
    /// @param available What may be asked back now.
    error BondInsufficient(address provider, uint256 available, uint256 requested);

    /// @notice Nothing is leaving, or it is not withdrawable before `withdrawableAt`, or not while cases are open.
    error BondNotWithdrawable(address provider, uint256 leaving, uint256 withdrawableAt, uint256 openCases);

    /// @notice Adds `amount` of the caller's market balance to its bond.
    function postBond(uint64 amount) external;

    /// @notice Asks `amount` more of the caller's bond back; the delay of all that is leaving starts anew.
    /// @dev What is leaving stays slashable until it is withdrawn.
    function requestBondExit(uint64 amount) external;

    /// @notice Moves what was asked back into the provider's free balance, once the delay is over and no case about a receipt of the
    /// provider is open. Anyone may call.
    function withdrawBond(address provider) external;

    /// @notice A provider's bond; zeros if it never posted any.
    function bondOf(address provider) external view returns (LiveBond memory);
}
