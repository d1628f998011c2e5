// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus, Verdict} from "../../../contracts/interfaces/ICaseNotices.sol";
import {JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {Account} from "../../../contracts/interfaces/ILedger.sol";
import {Words} from "../solidity/Words.sol";
import {LiveBond} from "../../../contracts/interfaces/IBonds.sol";
import {CourtGhost, Matter, Trial} from "./CourtGhost.sol";

/// @notice What a case should come to.
struct Outlook {
    /// Whether it may be closed now.
    bool due;
    /// None: it goes to tier two.
    Verdict verdict;
    uint16 outliers;
    uint16 contradicted;
}

/// @notice The accounts that the end of a case moves.
struct Books {
    uint256 pool;
    uint256 burned;
    uint256 client;
    uint256 provider;
    uint256 atStake;
    uint256 bond;
    uint256 exposure;
    uint256 court;
    uint256 demander;
}

/// @title Foresight
/// @notice Verdicts and payments as the protocol's document has them, computed before the court does.
abstract contract Foresight is CourtGhost {
    uint256 private constant QUORUM = 6;

    function _outlook(Trial memory trial, Case memory c) internal view returns (Outlook memory o) {
        if (!_isOpen(c.status)) return o;
        if (_statusOf(trial.matter) == JobStatus.Rejected) return Outlook(true, Verdict.Moot, 0, 0);
        if (!_isOver(c)) return o;
        if (c.tier == 2) return _judged(trial.id, c);
        if (!_isUnanimous(trial.id, c)) return Outlook(true, Verdict.None, 0, 0);
        o.due = _now() >= uint256(c.since) + courtParameters().appealWindow;
        o.verdict = Verdict.Acquitted;
    }

    function _isUnanimous(bytes32 caseId, Case memory c) internal view returns (bool) {
        if (c.revealed & 7 != 7) return false;
        bytes32[] memory words = _wordsAt(caseId, 7);
        bytes32 center = Words.median(words);
        for (uint256 i = 0; i < 3; ++i) {
            if (!Words.isNear(words[i], center, tolerances()) || Words.isOver(words[i], tolerances())) return false;
        }
        return true;
    }

    /// @dev All words of the tier are there, or the time for them is over.
    function _isOver(Case memory c) private view returns (bool) {
        uint256 reveals = courtParameters().revealWindow;
        if (c.status == CaseStatus.Revealed) return true;
        if (c.status == CaseStatus.Reveal) return _now() >= c.since + reveals;
        return c.status == CaseStatus.Commit && _now() >= c.since + courtParameters().commitWindow + reveals;
    }

    function _judged(bytes32 caseId, Case memory c) private view returns (Outlook memory o) {
        bytes32[] memory words = _wordsAt(caseId, c.revealed & 0xFF8);
        o.due = true;
        o.verdict = Verdict.NoQuorum;
        if (words.length < QUORUM) return o;
        bytes32 center = Words.median(words);
        uint256 near = 0;
        uint256 over = 0;
        for (uint256 i = 0; i < 12; ++i) {
            if (c.revealed & (1 << i) == 0) continue;
            bytes32 word = secrets[caseId][i].word;
            bool isNear = Words.isNear(word, center, tolerances());
            if (i < 3) o.contradicted |= isNear ? 0 : uint16(1 << i);
            else if (!isNear) o.outliers |= uint16(1 << i);
            else (near, over) = (near + 1, over + (Words.isOver(word, tolerances()) ? 1 : 0));
        }
        o.verdict = over >= QUORUM ? Verdict.Convicted : Verdict.Acquitted;
        if (near < QUORUM) o = Outlook(true, Verdict.Undecidable, 0, 0);
    }

    function _wordsAt(bytes32 caseId, uint256 mask) private view returns (bytes32[] memory words) {
        uint256 count = 0;
        for (uint256 i = 0; i < 12; ++i) count += (mask >> i) & 1;
        words = new bytes32[](count);
        for (uint256 i = 12; i > 0; --i) {
            if (mask & (1 << (i - 1)) != 0) words[--count] = secrets[caseId][i - 1].word;
        }
    }

    function _booksOf(Matter storage m, address demander) internal view returns (Books memory b) {
        Account memory a = accountOf(m.frozen.provider);
        b.pool = market.pool();
        b.burned = accountOf(BURN_ACCOUNT).balance;
        b.client = accountOf(m.spec.client).balance;
        b.provider = a.balance;
        b.atStake = _atStake(m.frozen.provider);
        b.bond = tribunal.bondOf(m.frozen.provider).amount;
        b.exposure = a.exposure;
        b.court = accountOf(address(tribunal)).balance;
        if (demander != m.spec.client) b.demander = accountOf(demander).balance;
    }

    /// @dev The books after a case that ended so; books the seats' stakes and credits.
    function _ended(
        Books memory b,
        Matter storage m,
        Case memory c,
        uint32[12] memory seats,
        Outlook memory o
    ) internal {
        bool isCut = o.verdict == Verdict.Moot || o.verdict == Verdict.Withheld;
        (uint256 fees, uint256 fines) = _bookSeats(c, seats, o, isCut);
        b.court -= fines + c.bond;
        if (c.tier == 2) b.exposure -= _weight();
        bool isFault = o.verdict == Verdict.Convicted || o.verdict == Verdict.Withheld;
        uint256 unpaid = fees;
        if (isFault) unpaid -= _sentenced(b, m, o.verdict == Verdict.Convicted && c.bond > 0, fees);
        uint256 kept = unpaid < c.bond && o.verdict != Verdict.Acquitted ? unpaid : c.bond;
        b.pool += kept;
        b.client += c.bond - kept;
        if (o.verdict == Verdict.NoQuorum && !_isReceipt(m)) {
            uint256 consolation = fines < m.spec.price ? fines : m.spec.price;
            b.provider += consolation;
            fines -= consolation;
            _repaid(b, m);
        }
        b.pool += fines;
        if (o.verdict != Verdict.Convicted) return;
        _holds(!_isHonestProvider(m.frozen.provider) || _hostiles(seats) >= QUORUM, "an honest provider was convicted");
    }

    /// @dev Half and more burns, a fifth at most is the client's, and another if it brought the case; a tenth the pool's.
    function _sentenced(
        Books memory b,
        Matter storage m,
        bool isBrought,
        uint256 fees
    ) internal returns (uint256 toPool) {
        if (_isReceipt(m)) return _forfeited(b, m, fees);
        uint256 share = parameters().exposureShare;
        uint256 price = m.spec.price;
        uint256 amount = (price * 10_000 + share - 1) / share;
        if (amount < parameters().minStake) amount = parameters().minStake;
        if (amount > b.atStake) amount = b.atStake;
        uint256 toClient = (price < amount / 5 ? price : amount / 5) + (isBrought ? amount / 5 : 0);
        toPool = fees < amount / 10 ? fees : amount / 10;
        b.atStake -= amount;
        b.client += toClient;
        b.pool += toPool;
        b.burned += amount - toClient - toPool;
        _holds((toClient + toPool) * 2 <= amount, "less than half burned");
        _repaid(b, m);
    }

    /// @dev The same of a live bond: the payer of a receipt always brought it.
    function _forfeited(Books memory b, Matter storage m, uint256 fees) private returns (uint256 toPool) {
        uint256 taken = _bonded(m.frozen.provider, m.spec.price);
        uint256 compensation = 10 * uint256(m.spec.price) < taken / 5 ? 10 * uint256(m.spec.price) : taken / 5;
        uint256 toPayer = taken / 5 + compensation;
        toPool = fees < taken / 10 ? fees : taken / 10;
        b.bond -= taken;
        b.court -= taken;
        b.client += toPayer;
        b.pool += toPool;
        b.burned += taken - toPayer - toPool;
        _reach(taken == 0 ? "nothing left" : "forfeited");
        _holds((toPayer + toPool) * 2 <= taken, "less than half burned");
    }

    /// @dev What a live bond loses for a call that was charged so much; what is leaving goes last.
    function _bonded(address provider, uint256 amount) internal returns (uint256 taken) {
        LiveBond storage bond = bonds[provider];
        taken = amount * 1_000 > courtParameters().minBond ? amount * 1_000 : courtParameters().minBond;
        if (taken > bond.amount) taken = bond.amount;
        bond.amount -= uint64(taken);
        if (bond.leaving > bond.amount) bond.leaving = bond.amount;
    }

    function _repaid(Books memory b, Matter storage m) private view {
        b.client += m.spec.price;
        b.exposure -= m.spec.price;
    }

    function _bookSeats(
        Case memory c,
        uint32[12] memory seats,
        Outlook memory o,
        bool isCut
    ) private returns (uint256 fees, uint256 fines) {
        bool isJust = c.tier == 1 || _hostiles(seats) * 2 < _seated(seats);
        for (uint256 i = 0; i < 12; ++i) {
            if (seats[i] == 0) continue;
            uint256 owed = 0;
            bool isExcused = c.revealed & (1 << i) != 0 || (isCut && (c.tier == 2) == (i >= 3));
            if (o.contradicted & (1 << i) != 0) owed = courtParameters().contradictionPenalty;
            else if (o.outliers & (1 << i) != 0) owed = courtParameters().outlierPenalty;
            else if (!isExcused) owed = _absence(c, i);
            if (owed == 0) {
                fees += courtParameters().seatFee;
                credits[seatOwner(seats[i])] += courtParameters().seatFee;
                continue;
            }
            if (owed > stakes[seats[i]]) owed = stakes[seats[i]];
            stakes[seats[i]] -= owed;
            fines += owed;
            _holds(!_isHonest(seats[i]) || !isJust, "an honest seat lost");
        }
    }

    /// @dev Whoever committed in tier one and kept silent saw the others' words first.
    function _absence(Case memory c, uint256 position) private pure returns (uint256) {
        bool isSilent = position < 3 && c.committed & (1 << position) != 0;
        return isSilent ? courtParameters().contradictionPenalty : courtParameters().absentPenalty;
    }

    function _hostiles(uint32[12] memory seats) private pure returns (uint256 count) {
        for (uint256 i = 3; i < 12; ++i) if (seats[i] != 0 && !_isHonest(seats[i])) ++count;
    }

    function _seated(uint32[12] memory seats) private pure returns (uint256 count) {
        for (uint256 i = 3; i < 12; ++i) if (seats[i] != 0) ++count;
    }

    function _areKept(Books memory expected, Books memory actual, string memory name) internal {
        _holds(keccak256(abi.encode(expected)) == keccak256(abi.encode(actual)), string.concat(name, ": the books"));
    }
}
