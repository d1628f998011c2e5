// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CourtParameters, ICourtParameters} from "../interfaces/ICourtParameters.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {FeeLib} from "../libraries/FeeLib.sol";

/// @title CourtBase
/// @notice The immutables that every room of the court reads, and the market it serves.
abstract contract CourtBase {
    /// @dev Where what is slashed goes and nobody has: an account without a key.
    address internal constant BURN_ACCOUNT = 0x000000000000000000000000000000000000dEaD;

    IRandomness internal immutable RANDOMNESS;

    uint64 internal immutable AUDIT_VALUE;
    uint64 internal immutable SEAT_STAKE;
    uint64 internal immutable SEAT_FEE;
    uint64 internal immutable OPEN_REWARD;
    uint64 internal immutable CHALLENGE_BOND;
    uint64 internal immutable DEMAND_DEPOSIT;
    uint64 internal immutable ABSENT_PENALTY;
    uint64 internal immutable OUTLIER_PENALTY;
    uint64 internal immutable CONTRADICTION_PENALTY;
    uint64 internal immutable MIN_BOND;
    uint32 internal immutable SEAT_MIN_AGE;
    uint32 internal immutable SEAT_UNBONDING;
    uint32 internal immutable COMMIT_WINDOW;
    uint32 internal immutable REVEAL_WINDOW;
    uint32 internal immutable APPEAL_WINDOW;
    uint32 internal immutable ANSWER_WINDOW;
    uint32 internal immutable RECEIPT_LIFETIME;
    uint32 internal immutable BOND_DELAY;
    uint16 internal immutable DRAW_DELAY;
    uint16 internal immutable MIN_PANEL;
    /// @dev No case lasts longer, if whoever may act does so at once. Seconds.
    uint256 internal immutable LONGEST_CASE;

    IMarket internal _market;
    /// @dev What a conviction takes at least, and what share of it is the weight of a case in tier two.
    uint64 internal _minStake;
    uint16 internal _exposureShare;

    constructor(IRandomness randomness_, CourtParameters memory p) {
        require(address(randomness_).code.length > 0, ICourtParameters.CourtParameterOutOfBounds("randomness"));
        require(p.auditValue > 0, ICourtParameters.CourtParameterOutOfBounds("auditValue"));
        require(p.seatStake > 0, ICourtParameters.CourtParameterOutOfBounds("seatStake"));
        require(p.absentPenalty <= p.seatStake, ICourtParameters.CourtParameterOutOfBounds("absentPenalty"));
        require(p.outlierPenalty <= p.absentPenalty, ICourtParameters.CourtParameterOutOfBounds("outlierPenalty"));
        require(
            p.contradictionPenalty <= p.seatStake,
            ICourtParameters.CourtParameterOutOfBounds("contradictionPenalty")
        );
        require(p.commitWindow > 0, ICourtParameters.CourtParameterOutOfBounds("commitWindow"));
        require(p.revealWindow > 0, ICourtParameters.CourtParameterOutOfBounds("revealWindow"));
        require(p.appealWindow > 0, ICourtParameters.CourtParameterOutOfBounds("appealWindow"));
        require(p.answerWindow > 0, ICourtParameters.CourtParameterOutOfBounds("answerWindow"));
        require(p.drawDelay > 0 && p.drawDelay < 256, ICourtParameters.CourtParameterOutOfBounds("drawDelay"));
        require(p.minPanel >= CaseLib.POSITIONS, ICourtParameters.CourtParameterOutOfBounds("minPanel"));
        _requireLiveBounds(p);

        RANDOMNESS = randomness_;
        AUDIT_VALUE = p.auditValue;
        SEAT_STAKE = p.seatStake;
        SEAT_FEE = p.seatFee;
        OPEN_REWARD = p.openReward;
        CHALLENGE_BOND = p.challengeBond;
        DEMAND_DEPOSIT = p.demandDeposit;
        ABSENT_PENALTY = p.absentPenalty;
        OUTLIER_PENALTY = p.outlierPenalty;
        CONTRADICTION_PENALTY = p.contradictionPenalty;
        MIN_BOND = p.minBond;
        SEAT_MIN_AGE = p.seatMinAge;
        SEAT_UNBONDING = p.seatUnbonding;
        COMMIT_WINDOW = p.commitWindow;
        REVEAL_WINDOW = p.revealWindow;
        APPEAL_WINDOW = p.appealWindow;
        ANSWER_WINDOW = p.answerWindow;
        RECEIPT_LIFETIME = p.receiptLifetime;
        BOND_DELAY = p.bondDelay;
        DRAW_DELAY = p.drawDelay;
        MIN_PANEL = p.minPanel;
        uint256 waiting = CaseLib.MAX_DEMANDS * (uint256(p.answerWindow) + p.commitWindow);
        LONGEST_CASE = waiting + 2 * (uint256(p.commitWindow) + p.revealWindow) + p.appealWindow;
    }

    /// @dev What a case in tier two adds to a provider's exposure: it takes the room of one minimum stake.
    function _weight() internal view returns (uint256) {
        return FeeLib.shareDown(_minStake, _exposureShare);
    }

    function _requireLiveBounds(CourtParameters memory p) private pure {
        require(p.minBond > 0, ICourtParameters.CourtParameterOutOfBounds("minBond"));
        require(p.receiptLifetime > 0, ICourtParameters.CourtParameterOutOfBounds("receiptLifetime"));
        // Whoever signed a receipt must not be gone while it can be brought.
        require(p.bondDelay > p.receiptLifetime, ICourtParameters.CourtParameterOutOfBounds("bondDelay"));
    }
}
