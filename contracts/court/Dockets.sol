// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Case, CaseStatus, ICaseNotices, Verdict} from "../interfaces/ICaseNotices.sol";
import {Demand} from "../interfaces/IDemands.sol";
import {Frozen, Job, JobSpec, JobStatus, Outcome} from "../interfaces/IJobs.sol";
import {Award} from "../interfaces/IStaking.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {FeeLib} from "../libraries/FeeLib.sol";
import {FrozenLib} from "../libraries/FrozenLib.sol";
import {JobSpecLib} from "../libraries/JobSpecLib.sol";
import {JobId} from "../types/JobId.sol";
import {Sureties} from "./Sureties.sol";

/// @title Dockets
/// @notice How the court holds a job's payment, lets it go, and ends a case: who is paid, fined, slashed.
/// @dev A receipt is treated as a job, but for three things: its state is the court's own, nothing was escrowed for it, and its
/// provider answers with the live bond.
abstract contract Dockets is ICaseNotices, Sureties {
    using FrozenLib for Frozen;

    /// @dev Open cases and demands of a job: its payment is held while there are any.
    mapping(JobId id => uint256) internal _holds;
    /// @dev The result leaf on which answers about an item rest.
    mapping(JobId id => mapping(uint32 item => bytes32)) internal _answeredLeaves;
    /// @dev By the id of the case, or of the client's job.
    mapping(bytes32 key => Demand) internal _demands;
    mapping(bytes32 caseId => Case) internal _cases;
    /// @dev Twelve numbers of seats by position.
    mapping(bytes32 caseId => uint256) internal _packedSeats;
    /// @dev Commitments first, words once they were revealed.
    mapping(bytes32 caseId => mapping(uint256 position => bytes32)) internal _words;

    /// @dev What the seats of a case earned and lost. Token units.
    struct Tally {
        uint256 fees;
        uint256 fines;
    }

    /// @dev Positions whose words were wrong.
    struct Faults {
        /// Of tier two, away from the median.
        uint16 outliers;
        /// Of tier one, contradicted by tier two.
        uint16 contradicted;
    }

    /// @dev Checks that spec and frozen values are those of one job that the market knows, or of a receipt that was brought.
    function _requireJob(
        JobSpec calldata spec,
        Frozen calldata frozen
    ) internal view returns (JobId id, Job memory job) {
        id = _market.jobId(spec);
        job = _isReceipt(spec) ? _receiptJobs[id] : _market.jobOf(id);
        Frozen memory copy = frozen;
        require(job.digest == copy.digest(), CaseWrongJob(id));
    }

    /// @dev As `_requireJob`; a case or a demand can be opened on the job.
    function _requireJudged(
        JobSpec calldata spec,
        Frozen calldata frozen
    ) internal view returns (JobId id, Job memory job) {
        (id, job) = _requireJob(spec, frozen);
        require(job.status == JobStatus.Submitted || job.status == JobStatus.InCase, CaseWrongJob(id));
        bool isSealed = spec.flags & JobSpecLib.SEALED != 0;
        require(frozen.verified || (isSealed && _market.isVerified(spec.model)), CaseNotVerified(id));
    }

    /// @dev One more reason to hold the payment.
    function _hold(JobId id, Frozen calldata frozen) internal {
        if (_holds[id]++ == 0) _market.lockJob(id, frozen);
    }

    /// @dev One reason less; after the last one the job can be settled, unless it was ended.
    function _letGo(JobId id, JobSpec calldata spec, Frozen calldata frozen, bool isEnded) internal {
        if (--_holds[id] > 0) return;
        if (_isReceipt(spec)) _endReceipt(id, frozen.provider);
        else if (!isEnded) _market.releaseJob(id, frozen);
    }

    function _isReceipt(JobSpec calldata spec) internal pure returns (bool) {
        return spec.flags & JobSpecLib.RECEIPT != 0;
    }

    /// @dev Ends a case: pays and fines its seats, returns or keeps the bond, ends or releases the job.
    function _finish(
        bytes32 caseId,
        JobSpec calldata spec,
        Frozen calldata frozen,
        Verdict verdict,
        Faults memory faults
    ) internal {
        Case memory c = _cases[caseId];
        _cases[caseId].status = CaseStatus.Closed;
        if (c.tier == 2) _market.disencumber(frozen.provider, _weight());
        Tally memory tally = _paySeats(caseId, c, verdict, faults);
        JobId id = _market.jobId(spec);
        uint256 slashed = _endJob(id, spec, frozen, verdict, c.bond > 0, tally);
        _settle(spec.client, c.bond, verdict, tally);

        _letGo(id, spec, frozen, verdict != Verdict.Acquitted && verdict != Verdict.Undecidable);

        emit CaseClosed(caseId, id, verdict, slashed);
    }

    /// @dev What a verdict does to the job and its provider. Of the fees, what the slash covers is taken off.
    function _endJob(
        JobId id,
        JobSpec calldata spec,
        Frozen calldata frozen,
        Verdict verdict,
        bool hasChallenger,
        Tally memory tally
    ) private returns (uint256 slashed) {
        bool isConvicted = verdict == Verdict.Convicted;
        if (isConvicted || verdict == Verdict.Withheld) {
            Outcome outcome = isConvicted ? Outcome.Rejected : Outcome.Withheld;
            uint256 toPool;
            (slashed, toPool) = _sentence(id, spec, frozen, outcome, hasChallenger && isConvicted, tally.fees);
            tally.fees -= toPool;
        }
        if (verdict == Verdict.NoQuorum && !_isReceipt(spec)) tally.fines -= _refund(spec, frozen, tally.fines);
    }

    /// @dev The bond goes back or to the pool, and the fines to the pool.
    function _settle(address client, uint256 bond, Verdict verdict, Tally memory tally) private {
        uint256 kept = _keptOf(bond, verdict, tally.fees);
        if (bond > kept) _market.pay(client, bond - kept);
        if (tally.fines + kept > 0) _market.fundPool(tally.fines + kept);
    }

    /// @dev A bond that acquits is lost; else it pays those seats of its case whom no slash pays.
    function _keptOf(uint256 bond, Verdict verdict, uint256 fees) private pure returns (uint256) {
        return verdict == Verdict.Acquitted ? bond : Math.min(bond, fees);
    }

    /// @notice Slashes a provider for a job or a receipt. At least half burns.
    /// @param hasChallenger Whether the client brought the case, or the appeal. A receipt is always brought by its payer.
    /// @param fees What the seats of the case earned: it flows back to the pool.
    /// @return slashed What the provider lost.
    /// @return toPool How much of the fees it covered.
    function _sentence(
        JobId id,
        JobSpec calldata spec,
        Frozen calldata frozen,
        Outcome outcome,
        bool hasChallenger,
        uint256 fees
    ) internal returns (uint256 slashed, uint256 toPool) {
        if (_isReceipt(spec)) {
            _receiptJobs[id].status = JobStatus.Rejected;
            return _slashBond(frozen.provider, spec.client, spec.price, true, fees);
        }
        (uint256 amount, uint256 taken) = _convictionOf(frozen.provider, spec.price);
        uint256 fifth = taken / 5;
        toPool = Math.min(fees, taken / 10);
        Award[] memory awards = new Award[](2);
        awards[0].recipient = spec.client;
        awards[0].amount = uint64(Math.min(spec.price, fifth) + (hasChallenger ? fifth : 0));
        awards[1] = Award({recipient: address(this), amount: uint64(toPool)});

        _market.rejectJob(spec, frozen, outcome);
        slashed = _market.slash(frozen.provider, amount, awards);
        if (toPool > 0) _market.fundPool(toPool);
    }

    /// @notice What a conviction takes grows with the price, as the odds of the draw do: neither small nor big jobs pay a cheat.
    /// @return amount What it takes.
    /// @return taken How much of it is there.
    function _convictionOf(address provider, uint256 price) private view returns (uint256 amount, uint256 taken) {
        amount = Math.max(_minStake, Math.ceilDiv(price * FeeLib.BASIS_POINTS, _exposureShare));
        taken = Math.min(amount, uint256(_market.accountOf(provider).stake) + _market.unbondingOf(provider).amount);
    }

    /// @notice Nobody could judge: the client is repaid; the provider has the penalties of the absent, up to the price.
    /// @return consolation What the provider had.
    function _refund(
        JobSpec calldata spec,
        Frozen calldata frozen,
        uint256 fines
    ) private returns (uint256 consolation) {
        consolation = Math.min(fines, spec.price);
        _market.rejectJob(spec, frozen, Outcome.Undecidable);
        if (consolation > 0) _market.pay(frozen.provider, consolation);
    }

    /// @dev The positions of a tier.
    function _positionsOf(uint8 tier) internal pure returns (uint256) {
        uint256 first = (1 << CaseLib.FIRST_TIER_SEATS) - 1;
        return tier == 1 ? first : ((1 << CaseLib.POSITIONS) - 1) ^ first;
    }

    /// @dev A seat that revealed is paid, whatever its word, unless the word was wrong; one that did not is fined, unless
    /// the case ended before its tier was over.
    function _paySeats(
        bytes32 caseId,
        Case memory c,
        Verdict verdict,
        Faults memory faults
    ) private returns (Tally memory tally) {
        bool isCutShort = verdict == Verdict.Moot || verdict == Verdict.Withheld;
        uint256 excused = c.revealed | (isCutShort ? _positionsOf(c.tier) : 0);
        uint256 packed = _packedSeats[caseId];
        for (uint256 i = 0; i < CaseLib.POSITIONS; ++i) {
            uint32 seat = CaseLib.seatAt(packed, i);
            if (seat == 0) continue;
            uint256 bit = 1 << i;
            if (c.committed & bit != 0) delete _words[caseId][i];
            uint256 fine = 0;
            if (faults.contradicted & bit != 0) fine = CONTRADICTION_PENALTY;
            else if (faults.outliers & bit != 0) fine = OUTLIER_PENALTY;
            else if (excused & bit == 0) fine = _absenceOf(c.committed, i);
            if (fine > 0) {
                tally.fines += _penalise(seat, caseId, fine);
            } else {
                tally.fees += SEAT_FEE;
                _credit(_seats[seat].owner, SEAT_FEE);
            }
        }
        delete _packedSeats[caseId];
    }

    /// @dev In tier one silence after a commitment costs what a wrong word does: who sees the others reveal must not gain by it.
    function _absenceOf(uint256 committed, uint256 position) private view returns (uint256) {
        bool hasCommitted = position < CaseLib.FIRST_TIER_SEATS && committed & (1 << position) != 0;
        return hasCommitted ? CONTRADICTION_PENALTY : ABSENT_PENALTY;
    }
}
