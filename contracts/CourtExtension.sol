// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Challenges} from "./court/Challenges.sol";
import {CourtBase} from "./court/CourtBase.sol";
import {Demands} from "./court/Demands.sol";
import {Seats} from "./court/Seats.sol";
import {Setup} from "./court/Setup.sol";
import {CourtParameters} from "./interfaces/ICourtParameters.sol";
import {IRandomness} from "./interfaces/IRandomness.sol";

/// @title CourtExtension
/// @notice The rooms of the court that its own code has no place for. Called at its own address it does nothing of use.
contract CourtExtension is Demands, Challenges, Seats, Setup {
    /// @notice Fixes the source of the seeds and the parameters for ever.
    constructor(IRandomness randomness_, CourtParameters memory parameters_) CourtBase(randomness_, parameters_) {}
}
