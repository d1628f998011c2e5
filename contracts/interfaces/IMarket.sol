// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAgreements} from "./IAgreements.sol";
import {ICourtAccount} from "./ICourtAccount.sol";
import {IJobs} from "./IJobs.sol";
import {ILedger} from "./ILedger.sol";
import {IParameters} from "./IParameters.sol";
import {IStaking} from "./IStaking.sol";

/// @title IMarket
/// @notice All that the market offers.
interface IMarket is IAgreements, IJobs, ICourtAccount, IStaking, ILedger, IParameters {}
