// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IBonds, LiveBond} from "../interfaces/IBonds.sol";
import {Job, JobStatus} from "../interfaces/IJobs.sol";
import {ReceiptLib} from "../libraries/ReceiptLib.sol";
import {JobId} from "../types/JobId.sol";
import {Bench} from "./Bench.sol";

/// @title Sureties
/// @notice The live bonds, and the receipts that were brought, as the rooms of the court share them.
abstract contract Sureties is Bench {
    mapping(address provider => LiveBond) internal _bonds;
    /// @dev Receipts that were brought, by the job that each stands for.
    mapping(JobId id => Job) internal _receiptJobs;
    /// @dev Numbers of calls that were proven to be given twice.
    mapping(bytes32 call => bool) internal _knownDoubles;

    /// @dev The last reason to keep a receipt's case open is gone.
    function _endReceipt(JobId id, address provider) internal {
        --_bonds[provider].openCases;
        if (_receiptJobs[id].status == JobStatus.InCase) _receiptJobs[id].status = JobStatus.Settled;
    }

    /// @notice Slashes a provider's bond for a receipt, as far as it reaches. At least half burns.
    /// @param price What the call was charged.
    /// @param isJudged Whether a case proved it: its payer is then compensated, beside its fifth, and its seats are paid.
    /// @param fees What the seats of the case earned: it flows back to the pool.
    /// @return slashed What there was to take.
    /// @return toPool How much of the fees it covered.
    function _slashBond(
        address provider,
        address payer,
        uint256 price,
        bool isJudged,
        uint256 fees
    ) internal returns (uint256 slashed, uint256 toPool) {
        slashed = _takeBond(provider, Math.max(MIN_BOND, ReceiptLib.RECEIPT_PENALTY_FACTOR * price));
        uint256 fifth = slashed / 5;
        uint256 toPayer = fifth;
        if (isJudged) toPayer += Math.min(ReceiptLib.RECEIPT_COMPENSATION_FACTOR * price, fifth);
        toPool = Math.min(fees, slashed / 10);
        uint256 burned = slashed - toPayer - toPool;

        _market.pay(payer, toPayer);
        if (toPool > 0) _market.fundPool(toPool);
        _market.pay(BURN_ACCOUNT, burned);

        emit IBonds.BondSlashed(provider, slashed, burned);
    }

    /// @dev What is leaving is taken last.
    function _takeBond(address provider, uint256 amount) private returns (uint256 taken) {
        LiveBond storage bond = _bonds[provider];
        uint256 there = bond.amount;
        taken = Math.min(amount, there);
        uint256 rest = there - taken;

        bond.amount = uint64(rest);
        bond.leaving = uint64(Math.min(bond.leaving, rest));
    }
}
