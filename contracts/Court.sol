// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CourtExtension} from "./CourtExtension.sol";
import {CourtBase} from "./court/CourtBase.sol";
import {Delegating} from "./court/Delegating.sol";
import {Records} from "./court/Records.sol";
import {Verdicts} from "./court/Verdicts.sol";
import {ICourtParameters} from "./interfaces/ICourtParameters.sol";

/// @title Court
/// @notice Judges results whose hashes cannot be compared: randomly drawn seats re-check them, their words are compared, and the
/// verdict is arithmetic.
/// @dev No proxy, no owner, no pause; bound once to one market. Its money is the market account of its own address: the stakes of
/// the seats, the bonds of providers that sell live calls, and the bonds and deposits of what is open. One contract may hold 24 KB of
/// code (EIP-170), so the court is three: what is not here is run from the extension, and what is not there from the registry, on the
/// storage of the court. All have one storage layout, that of `Dockets`.
contract Court is Verdicts, Records, Delegating {
    /// @notice Fixes the extension for ever, and takes the parameters that its registry was made with.
    constructor(
        CourtExtension extension
    )
        CourtBase(
            ICourtParameters(address(extension)).randomness(),
            ICourtParameters(address(extension)).courtParameters()
        )
        Delegating(address(extension))
    {}
}
