// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice What a market is deployed with. Amounts in token units, times in seconds, shares in basis points.
struct MarketParameters {
    /// Least stake with which a provider may accept.
    uint64 minStake;
    /// Largest share of the stake that accepted, unsettled prices may reach.
    uint16 exposureShare;
    /// Share of the price that a settlement pays into the assurance pool.
    uint16 feeShare;
    /// Share of the price that a provider owes for a no-show, and its floor.
    uint16 noShowShare;
    uint64 noShowFloor;
    /// Share of the price that a decline costs once `declineGrace` has passed since the accept.
    uint16 declineShare;
    uint32 declineGrace;
    /// How long stake stays slashable after it was asked back.
    uint32 unbondingPeriod;
    /// How long order-backed balance stays capturable after it was asked back.
    uint32 releaseDelay;
    /// Bounds of a job's challenge window.
    uint32 minChallengeWindow;
    uint32 maxChallengeWindow;
    /// Bounds of a job's times: how far ahead `acceptBy` may lie, and how long `submitWithin` may be.
    uint32 maxAcceptDelay;
    uint32 maxSubmitWithin;
}

/// @title IParameters
/// @notice What was fixed at deployment, for ever. A new version is a new deployment.
interface IParameters {
    /// @notice The constructor was given a parameter outside its bounds.
    /// @param name The parameter's field name.
    error ParameterOutOfBounds(string name);

    /// @notice The one ERC-20 token in which prices, stakes and fees are counted.
    /// @dev Warning: rebasing tokens must not be used; fee-on-transfer tokens are refused at deposit.
    function token() external view returns (IERC20);

    /// @notice The contract that alone may lock jobs, release them and slash. Zero: no court, every model is unverified.
    function court() external view returns (address);

    /// @notice All parameters at once.
    function parameters() external view returns (MarketParameters memory);
}
