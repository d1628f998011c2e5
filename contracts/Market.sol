// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IMarket} from "./interfaces/IMarket.sol";
import {MarketParameters} from "./interfaces/IParameters.sol";
import {Agreements} from "./market/Agreements.sol";
import {Parameters} from "./market/Parameters.sol";

/// @title Market
/// @notice The one deployed escrow of Touchstone: ledger, stakes, jobs and the agreements that shorten them.
/// @dev No proxy, no owner, no pause. Invariant: the token balance covers balances, reserves, stakes, unbonding,
/// escrows and the pool, always.
contract Market is IMarket, Agreements {
    /// @notice Fixes token, court and parameters for ever.
    /// @param court_ Zero for a market in which no model is verified.
    constructor(
        IERC20 token_,
        address court_,
        MarketParameters memory parameters_
    ) EIP712("Touchstone Market", "1") Parameters(token_, court_, parameters_) {}
}
