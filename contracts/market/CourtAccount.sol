// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICourtAccount} from "../interfaces/ICourtAccount.sol";
import {Staking} from "./Staking.sol";

/// @title CourtAccount
/// @notice What the court moves: its own account, the pool, and the weight of a case on a provider.
abstract contract CourtAccount is ICourtAccount, Staking {
    /// @inheritdoc ICourtAccount
    function collect(address from, uint256 amount) external onlyCourt {
        _debit(from, amount);
        _credit(COURT, amount);

        emit Collected(from, amount);
    }

    /// @inheritdoc ICourtAccount
    function pay(address to, uint256 amount) external onlyCourt {
        _debit(COURT, amount);
        _credit(to, amount);

        emit Paid(to, amount);
    }

    /// @inheritdoc ICourtAccount
    function payFromPool(address to, uint256 amount) external onlyCourt returns (uint256 paid) {
        paid = Math.min(amount, _pool);
        _pool -= paid;
        _credit(to, paid);

        emit PoolPaid(to, paid);
    }

    /// @inheritdoc ICourtAccount
    function encumber(address provider, uint256 amount) external onlyCourt {
        _accounts[provider].exposure += uint64(amount);

        emit Encumbered(provider, _accounts[provider].exposure);
    }

    /// @inheritdoc ICourtAccount
    function disencumber(address provider, uint256 amount) external onlyCourt {
        _accounts[provider].exposure -= uint64(amount);

        emit Encumbered(provider, _accounts[provider].exposure);
    }
}
