// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CourtParameters, ICourtParameters} from "../interfaces/ICourtParameters.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {MarketParameters} from "../interfaces/IParameters.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {CourtBase} from "./CourtBase.sol";

/// @title Setup
/// @notice What the court was made with, and its market.
abstract contract Setup is ICourtParameters, CourtBase {
    address private immutable DEPLOYER;

    constructor() {
        DEPLOYER = msg.sender;
    }

    /// @inheritdoc ICourtParameters
    function bind(IMarket market_) external {
        bool isFree = msg.sender == DEPLOYER && address(_market) == address(0);
        require(isFree && market_.court() == address(this), CourtNotBindable());
        MarketParameters memory p = market_.parameters();
        // Whoever lost its case must not be gone by then.
        uint256 lasting = LONGEST_CASE + p.maxChallengeWindow;
        require(p.unbondingPeriod >= lasting, CourtParameterOutOfBounds("unbondingPeriod"));
        require(SEAT_UNBONDING >= lasting, CourtParameterOutOfBounds("seatUnbonding"));

        _market = market_;
        _minStake = p.minStake;
        _exposureShare = p.exposureShare;

        emit MarketBound(market_);
    }

    /// @inheritdoc ICourtParameters
    function market() external view returns (IMarket) {
        return _market;
    }

    /// @inheritdoc ICourtParameters
    function randomness() external view returns (IRandomness) {
        return RANDOMNESS;
    }

    /// @inheritdoc ICourtParameters
    function courtParameters() external view returns (CourtParameters memory) {
        return
            CourtParameters({
                auditValue: AUDIT_VALUE,
                seatStake: SEAT_STAKE,
                seatFee: SEAT_FEE,
                openReward: OPEN_REWARD,
                challengeBond: CHALLENGE_BOND,
                demandDeposit: DEMAND_DEPOSIT,
                absentPenalty: ABSENT_PENALTY,
                outlierPenalty: OUTLIER_PENALTY,
                contradictionPenalty: CONTRADICTION_PENALTY,
                minBond: MIN_BOND,
                seatMinAge: SEAT_MIN_AGE,
                seatUnbonding: SEAT_UNBONDING,
                commitWindow: COMMIT_WINDOW,
                revealWindow: REVEAL_WINDOW,
                appealWindow: APPEAL_WINDOW,
                answerWindow: ANSWER_WINDOW,
                receiptLifetime: RECEIPT_LIFETIME,
                bondDelay: BOND_DELAY,
                drawDelay: DRAW_DELAY,
                minPanel: MIN_PANEL
            });
    }
}
