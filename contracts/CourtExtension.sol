// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CourtRegistry} from "./CourtRegistry.sol";
import {Challenges} from "./court/Challenges.sol";
import {CourtBase} from "./court/CourtBase.sol";
import {Delegating} from "./court/Delegating.sol";
import {Demands} from "./court/Demands.sol";

/// @title CourtExtension
/// @notice The rooms of the court that its own code has no place for: what parties to a case do. Called at its own address it does
/// nothing of use.
contract CourtExtension is Demands, Challenges, Delegating {
    /// @notice Fixes the registry for ever, and takes the parameters that it was made with.
    constructor(
        CourtRegistry registry
    ) CourtBase(registry.randomness(), registry.courtParameters()) Delegating(address(registry)) {}
}
