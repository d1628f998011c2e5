// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBonds} from "./IBonds.sol";
import {ICases} from "./ICases.sol";
import {IChallenges} from "./IChallenges.sol";
import {ICourtParameters} from "./ICourtParameters.sol";
import {IDemands} from "./IDemands.sol";
import {IDraws} from "./IDraws.sol";
import {IReceipts} from "./IReceipts.sol";
import {IRecords} from "./IRecords.sol";
import {ISeats} from "./ISeats.sol";

/// @title ICourt
/// @notice All that the court offers, at one address.
interface ICourt is IDraws, ICases, IChallenges, IDemands, IRecords, ISeats, IBonds, IReceipts, ICourtParameters {}
