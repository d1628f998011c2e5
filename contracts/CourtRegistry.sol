// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bonds} from "./court/Bonds.sol";
import {CourtBase} from "./court/CourtBase.sol";
import {Receipts} from "./court/Receipts.sol";
import {Seats} from "./court/Seats.sol";
import {Setup} from "./court/Setup.sol";
import {CourtParameters} from "./interfaces/ICourtParameters.sol";
import {IRandomness} from "./interfaces/IRandomness.sol";

/// @title CourtRegistry
/// @notice The rooms of the court where seats, bonds and receipts are entered, and what it was made with. Called at its own address it
/// does nothing of use.
contract CourtRegistry is Seats, Bonds, Receipts, Setup {
    /// @notice Fixes the source of the seeds and the parameters for ever.
    constructor(IRandomness randomness_, CourtParameters memory parameters_) CourtBase(randomness_, parameters_) {}
}
