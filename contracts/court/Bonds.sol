// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBonds, LiveBond} from "../interfaces/IBonds.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {Sureties} from "./Sureties.sol";

/// @title Bonds
/// @notice How a live bond comes in and goes out.
abstract contract Bonds is IBonds, Sureties {
    using DeadlineLib for uint256;

    /// @inheritdoc IBonds
    function postBond(uint64 amount) external {
        require(amount > 0, BondZeroAmount());

        _bonds[msg.sender].amount += amount;
        _market.collect(msg.sender, amount);

        emit BondPosted(msg.sender, amount);
    }

    /// @inheritdoc IBonds
    function requestBondExit(uint64 amount) external {
        require(amount > 0, BondZeroAmount());
        LiveBond memory bond = _bonds[msg.sender];
        uint64 available = bond.amount - bond.leaving;
        require(amount <= available, BondInsufficient(msg.sender, available, amount));

        bond.leaving += amount;
        bond.withdrawableAt = uint40(block.timestamp + BOND_DELAY);
        _bonds[msg.sender] = bond;

        emit BondExitRequested(msg.sender, bond.leaving, bond.withdrawableAt);
    }

    /// @inheritdoc IBonds
    function withdrawBond(address provider) external {
        LiveBond memory bond = _bonds[provider];
        bool isDue = uint256(bond.withdrawableAt).hasPassed() && bond.openCases == 0;
        require(
            bond.leaving > 0 && isDue,
            BondNotWithdrawable(provider, bond.leaving, bond.withdrawableAt, bond.openCases)
        );

        _bonds[provider].amount = bond.amount - bond.leaving;
        _bonds[provider].leaving = 0;
        _market.pay(provider, bond.leaving);

        emit BondWithdrawn(provider, bond.leaving);
    }

    /// @inheritdoc IBonds
    function bondOf(address provider) external view returns (LiveBond memory) {
        return _bonds[provider];
    }
}
