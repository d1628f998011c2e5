// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IMarket} from "./IMarket.sol";
import {IRandomness} from "./IRandomness.sol";

/// @notice What a court is deployed with. Amounts in token units, times in seconds.
struct CourtParameters {
    /// A job is drawn with probability `price / auditValue`, at most 1.
    uint64 auditValue;
    /// What a seat answers with, on any number of panels.
    uint64 seatStake;
    /// What a seat earns by a revealed word, whatever it says.
    uint64 seatFee;
    /// What opening a drawn case earns.
    uint64 openReward;
    /// What a challenge or an appeal costs its client if the provider is acquitted, or a tenth of the price if that is more.
    uint64 challengeBond;
    /// What a client's demand for data pays whoever answers it; a seat has it back.
    uint64 demandDeposit;
    /// What a seat loses that was drawn and revealed nothing.
    uint64 absentPenalty;
    /// What a seat of tier two loses by a word away from the median.
    uint64 outlierPenalty;
    /// What a seat of tier one loses by a word that tier two contradicts, or by one that it committed to and does not reveal.
    uint64 contradictionPenalty;
    /// What a false receipt costs its provider at least.
    uint64 minBond;
    /// How long before a job's submission a seat must have joined to judge it.
    uint32 seatMinAge;
    /// How long a seat's stake stays after the seat left its last panel.
    uint32 seatUnbonding;
    uint32 commitWindow;
    uint32 revealWindow;
    /// How long the client may appeal against an acquittal of tier one.
    uint32 appealWindow;
    /// How long a provider has to answer a demand.
    uint32 answerWindow;
    /// How long after its issue a receipt may be brought.
    uint32 receiptLifetime;
    /// How long a live bond stays after it was asked back.
    uint32 bondDelay;
    /// Blocks from the act to the block whose hash decides about it.
    uint16 drawDelay;
    /// Seats old enough that make a model verified.
    uint16 minPanel;
}

/// @title ICourtParameters
/// @notice What was fixed at deployment, for ever.
interface ICourtParameters {
    /// @notice The court serves this market from now on, for ever.
    event MarketBound(IMarket indexed market);

    /// @notice The constructor was given a parameter outside its bounds, or the two contracts do not fit.
    /// @param name The parameter's field name.
    error CourtParameterOutOfBounds(string name);

    /// @notice Only the deployer binds the court, once, to a market that names it.
    error CourtNotBindable();

    /// @notice Binds the court to the market it serves, for ever. Only its deployer, once.
    function bind(IMarket market) external;

    /// @notice The market this court serves.
    function market() external view returns (IMarket);

    /// @notice Where the seeds come from.
    function randomness() external view returns (IRandomness);

    /// @notice All parameters at once.
    function courtParameters() external view returns (CourtParameters memory);
}
