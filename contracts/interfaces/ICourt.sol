// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICases} from "./ICases.sol";
import {ICourtParameters} from "./ICourtParameters.sol";
import {IDemands} from "./IDemands.sol";
import {IDraws} from "./IDraws.sol";
import {ISeats} from "./ISeats.sol";

/// @title ICourt
/// @notice All that the court offers.
interface ICourt is ICases, IDemands, ISeats, IDraws, ICourtParameters {}
