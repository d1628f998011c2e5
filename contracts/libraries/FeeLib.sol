// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title FeeLib
/// @notice The arithmetic of shares and penalties, in token units and basis points.
/// @dev What the contract takes is rounded up, what it allows is rounded down. Amounts are at most 64 bits wide, so no product overflows. Mirrored by `protocol/fees.ts`.
library FeeLib {
    uint256 internal constant BASIS_POINTS = 10_000;

    /// @notice The share of `amount` that is taken, rounded up.
    function shareUp(uint256 amount, uint256 basisPoints) internal pure returns (uint256) {
        return Math.ceilDiv(amount * basisPoints, BASIS_POINTS);
    }

    /// @notice The share of `amount` that is allowed, rounded down.
    function shareDown(uint256 amount, uint256 basisPoints) internal pure returns (uint256) {
        return (amount * basisPoints) / BASIS_POINTS;
    }

    /// @notice What a provider that accepted and did not deliver owes: a share of the price, and no less than `floor`.
    function noShowPenalty(uint256 price, uint256 basisPoints, uint256 floor) internal pure returns (uint256) {
        return Math.max(floor, shareUp(price, basisPoints));
    }
}
