// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {IParameters, MarketParameters} from "../interfaces/IParameters.sol";
import {FeeLib} from "../libraries/FeeLib.sol";

/// @title Parameters
/// @notice The immutables that every room of the market reads.
abstract contract Parameters is IParameters {
    /// @dev With 8 decimals, 64 bits still hold 184 billion tokens.
    uint8 private constant MAX_DECIMALS = 8;

    IERC20 internal immutable TOKEN;
    address internal immutable COURT;

    uint64 internal immutable MIN_STAKE;
    uint16 internal immutable EXPOSURE_SHARE;
    uint16 internal immutable FEE_SHARE;
    uint16 internal immutable NO_SHOW_SHARE;
    uint64 internal immutable NO_SHOW_FLOOR;
    uint16 internal immutable DECLINE_SHARE;
    uint32 internal immutable DECLINE_GRACE;
    uint32 internal immutable UNBONDING_PERIOD;
    uint32 internal immutable RELEASE_DELAY;
    uint32 internal immutable MIN_CHALLENGE_WINDOW;
    uint32 internal immutable MAX_CHALLENGE_WINDOW;
    uint32 internal immutable MAX_ACCEPT_DELAY;
    uint32 internal immutable MAX_SUBMIT_WITHIN;

    constructor(IERC20 token_, address court_, MarketParameters memory p) {
        require(IERC20Metadata(address(token_)).decimals() <= MAX_DECIMALS, ParameterOutOfBounds("token"));
        require(p.minStake > 0, ParameterOutOfBounds("minStake"));
        require(p.exposureShare > 0 && p.exposureShare <= FeeLib.BASIS_POINTS, ParameterOutOfBounds("exposureShare"));
        require(p.feeShare <= FeeLib.BASIS_POINTS / 10, ParameterOutOfBounds("feeShare"));
        require(p.noShowShare <= FeeLib.BASIS_POINTS, ParameterOutOfBounds("noShowShare"));
        require(p.noShowFloor <= p.minStake, ParameterOutOfBounds("noShowFloor"));
        require(p.declineShare <= p.noShowShare, ParameterOutOfBounds("declineShare"));
        require(p.unbondingPeriod > p.maxChallengeWindow, ParameterOutOfBounds("unbondingPeriod"));
        require(p.releaseDelay > 0, ParameterOutOfBounds("releaseDelay"));
        require(p.minChallengeWindow > 0, ParameterOutOfBounds("minChallengeWindow"));
        require(p.minChallengeWindow <= p.maxChallengeWindow, ParameterOutOfBounds("maxChallengeWindow"));
        require(p.maxAcceptDelay > 0, ParameterOutOfBounds("maxAcceptDelay"));
        require(p.maxSubmitWithin > 0, ParameterOutOfBounds("maxSubmitWithin"));

        TOKEN = token_;
        COURT = court_;
        MIN_STAKE = p.minStake;
        EXPOSURE_SHARE = p.exposureShare;
        FEE_SHARE = p.feeShare;
        NO_SHOW_SHARE = p.noShowShare;
        NO_SHOW_FLOOR = p.noShowFloor;
        DECLINE_SHARE = p.declineShare;
        DECLINE_GRACE = p.declineGrace;
        UNBONDING_PERIOD = p.unbondingPeriod;
        RELEASE_DELAY = p.releaseDelay;
        MIN_CHALLENGE_WINDOW = p.minChallengeWindow;
        MAX_CHALLENGE_WINDOW = p.maxChallengeWindow;
        MAX_ACCEPT_DELAY = p.maxAcceptDelay;
        MAX_SUBMIT_WITHIN = p.maxSubmitWithin;
    }

    /// @inheritdoc IParameters
    function token() external view returns (IERC20) {
        return TOKEN;
    }

    /// @inheritdoc IParameters
    function court() external view returns (address) {
        return COURT;
    }

    /// @inheritdoc IParameters
    function parameters() external view returns (MarketParameters memory) {
        return
            MarketParameters({
                minStake: MIN_STAKE,
                exposureShare: EXPOSURE_SHARE,
                feeShare: FEE_SHARE,
                noShowShare: NO_SHOW_SHARE,
                noShowFloor: NO_SHOW_FLOOR,
                declineShare: DECLINE_SHARE,
                declineGrace: DECLINE_GRACE,
                unbondingPeriod: UNBONDING_PERIOD,
                releaseDelay: RELEASE_DELAY,
                minChallengeWindow: MIN_CHALLENGE_WINDOW,
                maxChallengeWindow: MAX_CHALLENGE_WINDOW,
                maxAcceptDelay: MAX_ACCEPT_DELAY,
                maxSubmitWithin: MAX_SUBMIT_WITHIN
            });
    }
}
