// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus, Verdict} from "../../../contracts/interfaces/ICaseNotices.sol";
import {ICases} from "../../../contracts/interfaces/ICases.sol";
import {IChallenges} from "../../../contracts/interfaces/IChallenges.sol";
import {JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {CaseLib} from "../../../contracts/libraries/CaseLib.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {vm} from "../solidity/Vm.sol";
import {Benches} from "./Benches.sol";
import {Matter, Secret, Trial} from "./CourtGhost.sol";
import {Books, Outlook} from "./Foresight.sol";

/// @title CaseActions
/// @notice Cases are opened, seated, judged and closed.
abstract contract CaseActions is Benches {
    function openDrawn(uint256 seed) external drawn(seed) {
        (bool found, uint256 i) = _matter(_onceIn(4) ? JobStatus.InCase : JobStatus.Submitted);
        if (!found) return;
        Matter storage m = matters[i];
        if (_onceIn(6)) vm.roll(vm.getBlockNumber() + 300);
        Trial memory trial = Trial(CaseLib.caseId(m.id, CaseLib.DRAW_KEY), i, CaseLib.DRAW_KEY);
        bool allowed = _isLive(i) && _isDrawn(m) && !isTried[trial.id];
        bool readable = blockhash(m.frozen.submitBlock + courtParameters().drawDelay) != 0;
        Books memory b = _booksOf(m, OPENER);
        bytes memory data = abi.encodeCall(ICases.openDrawn, (m.spec, m.frozen));
        (bool done, ) = _perform("open drawn", OPENER, address(tribunal), data, allowed);
        if (!done) return;
        if (readable) credits[OPENER] += courtParameters().openReward;
        _opens(trial);
        uint32[12] memory none;
        _seats(trial, none, b, readable);
    }

    function challenge(uint256 seed) external drawn(seed) {
        (bool found, uint256 i) = _matter(_onceIn(2) ? JobStatus.InCase : JobStatus.Submitted);
        if (!found) return;
        Matter storage m = matters[i];
        uint32 item = uint32(_onceIn(16) ? m.spec.items : _below(m.spec.items));
        Trial memory trial = Trial(CaseLib.caseId(m.id, item), i, item);
        address caller = _clientOf(m);
        bool inTime = _now() < m.submittedAt + m.spec.challengeWindow;
        bool allowed = _isJudged(i) && caller == m.spec.client && item < m.spec.items && inTime && !isTried[trial.id];
        allowed = allowed && accountOf(caller).balance >= _bondOf(m);
        bytes memory data = abi.encodeCall(IChallenges.challenge, (m.spec, m.frozen, item));
        (bool done, ) = _perform("challenge", caller, address(tribunal), data, allowed);
        if (!done) return;
        _opens(trial);
        _holds(tribunal.caseOf(trial.id).bond == _bondOf(m), "the challenge's bond");
    }

    function seatPanel(uint256 seed) external drawn(seed) {
        (bool found, Trial memory trial) = _trial(CaseStatus.Pinned);
        if (found) _seatsPanel(trial);
    }

    function _seatsPanel(Trial memory trial) internal {
        Matter storage m = matters[trial.matter];
        Case memory c = tribunal.caseOf(trial.id);
        if (c.status == CaseStatus.Pinned && !_onceIn(6)) _rollTo(c.anchor + 1);
        uint32[12] memory sitting = tribunal.seatsOf(trial.id);
        bool allowed = c.status == CaseStatus.Pinned && vm.getBlockNumber() > c.anchor;
        allowed = allowed && _statusOf(trial.matter) == JobStatus.InCase;
        bool readable = blockhash(c.anchor) != 0;
        Books memory b = _booksOf(m, OPENER);
        bytes32 others = _othersThan(trial);
        bytes memory data = abi.encodeCall(ICases.seatPanel, (m.spec, m.frozen, trial.key));
        (bool done, ) = _perform("seat panel", STRANGER, address(tribunal), data, allowed);
        if (!done) return;
        bool isDraw = c.tier == 1 && trial.key == CaseLib.DRAW_KEY;
        if (isDraw && readable && !_draws(m, c.anchor)) _isDismissed(trial, b);
        else _seats(trial, sitting, b, readable);
        _holds(others == _othersThan(trial), "seating moved another case");
    }

    function commit(uint256 seed) external drawn(seed) {
        (bool found, Trial memory trial) = _trial(CaseStatus.Commit);
        if (!found) return;
        uint256 from = _onceIn(2) ? 0 : _below(13);
        for (uint256 i = from; i < (from == 0 ? 12 : from + 1); ++i) _commits(trial, i, from != 0);
    }

    function reveal(uint256 seed) external drawn(seed) {
        (bool found, Trial memory trial) = _trial(_onceIn(4) ? CaseStatus.Commit : CaseStatus.Reveal);
        if (!found) return;
        uint256 from = _onceIn(2) ? 0 : _below(13);
        for (uint256 i = from; i < (from == 0 ? 12 : from + 1); ++i) _reveals(trial, i, from != 0);
    }

    /// @notice Somebody shows what a hostile seat told it, at a time at which that may be too late.
    function denounce(uint256 seed) external drawn(seed) {
        (bool found, Trial memory trial) = _trial(_onceIn(3) ? CaseStatus.Waiting : CaseStatus.Commit);
        if (!found) return;
        for (uint256 i = 0; i < 12; ++i) {
            if (!_isHonest(tribunal.seatsOf(trial.id)[i])) _commits(trial, i, false);
        }
        Case memory c = tribunal.caseOf(trial.id);
        uint256 position = _gossip(trial, c);
        uint32 seat = tribunal.seatsOf(trial.id)[position];
        if (_isHonest(seat)) return;
        Secret memory s = secrets[trial.id][position];
        bool early = c.status == CaseStatus.Commit && _now() < c.since + courtParameters().commitWindow;
        bool allowed = (early || c.status == CaseStatus.Waiting) && _isWaiting(c, position);
        Books memory b = _booksOf(matters[trial.matter], OPENER);
        bytes memory data = abi.encodeCall(ICases.denounce, (trial.id, position, s.word, s.salt));
        (bool done, ) = _perform("denounce", OPENER, address(tribunal), data, allowed);
        if (!done) return;
        b.court -= stakes[seat];
        b.demander += stakes[seat] / 5;
        b.burned += stakes[seat] - stakes[seat] / 5;
        stakes[seat] = 0;
        _areKept(b, _booksOf(matters[trial.matter], OPENER), "denounce");
        _holds(tribunal.seatsOf(trial.id)[position] == 0, "a denounced seat sits on");
    }

    /// @dev The position of a hostile seat that has committed, where there is one.
    function _gossip(Trial memory trial, Case memory c) private returns (uint256 position) {
        uint256 start = _below(12);
        for (uint256 i = 0; i < 12; ++i) {
            position = (start + i) % 12;
            uint32 seat = tribunal.seatsOf(trial.id)[position];
            if (!_isHonest(seat) && _isWaiting(c, position)) return position;
        }
    }

    function appeal(uint256 seed) external drawn(seed) {
        (bool found, Trial memory trial) = _trial(CaseStatus.Revealed);
        if (found) _appeals(trial);
    }

    function _appeals(Trial memory trial) internal {
        Matter storage m = matters[trial.matter];
        Case memory c = tribunal.caseOf(trial.id);
        address caller = _clientOf(m);
        bool open = c.status == CaseStatus.Revealed && c.tier == 1 && _isUnanimous(trial.id, c);
        bool allowed = open && caller == m.spec.client && _now() < c.since + uint256(courtParameters().appealWindow);
        allowed = allowed && accountOf(caller).balance >= _bondOf(m);
        bytes memory data = abi.encodeCall(IChallenges.appeal, (m.spec, m.frozen, trial.key));
        (bool done, ) = _perform("appeal", caller, address(tribunal), data, allowed);
        if (done) _holds(tribunal.caseOf(trial.id).bond == c.bond + _bondOf(m), "appeal's bond");
    }

    function close(uint256 seed) external drawn(seed) {
        CaseStatus[4] memory wanted = [CaseStatus.Revealed, CaseStatus.Revealed, CaseStatus.Reveal, CaseStatus.Commit];
        (bool found, Trial memory trial) = _trial(wanted[_below(4)]);
        if (found) _closes(trial);
    }

    function _closes(Trial memory trial) internal {
        Matter storage m = matters[trial.matter];
        Case memory c = tribunal.caseOf(trial.id);
        Outlook memory o = _outlook(trial, c);
        uint32[12] memory seats = tribunal.seatsOf(trial.id);
        Books memory b = _booksOf(m, OPENER);
        bytes32 others = _othersThan(trial);
        bytes memory data = abi.encodeCall(ICases.close, (m.spec, m.frozen, trial.key));
        (bool done, bytes memory answer) = _perform("close", STRANGER, address(tribunal), data, o.due);
        if (!done) return;
        _holds(abi.decode(answer, (Verdict)) == o.verdict, "another verdict");
        _reach(_nameOf(o.verdict));
        _holds(others == _othersThan(trial), "a verdict moved another case");
        if (o.verdict == Verdict.None) {
            b.exposure += _weight();
            _holds(tribunal.caseOf(trial.id).tier == 2, "not in tier two");
        } else {
            if (o.outliers != 0) _reach("outliers");
            if (o.contradicted != 0) _reach("contradicted");
            if (o.verdict == Verdict.Convicted && c.bond > 0) _reach("convicted for a challenger");
            _ended(b, m, c, seats, o);
            _holds(tribunal.caseOf(trial.id).status == CaseStatus.Closed, "not closed");
            for (uint256 i = 0; i < 12; ++i) _holds(tribunal.wordAt(trial.id, i) == 0, "a word is left");
        }
        _areKept(b, _booksOf(m, OPENER), "close");
    }

    /// @dev A seat commits as it is minded; honest ones always do.
    function _commits(Trial memory trial, uint256 position, bool anyway) internal {
        Case memory c = tribunal.caseOf(trial.id);
        uint32 seat = position < 12 ? tribunal.seatsOf(trial.id)[position] : 0;
        if (seat == 0 && !anyway) return;
        if (!_isHonest(seat) && _mood(trial.id, seat) == 4) return;
        if (!anyway && (!_isOfTier(c, position) || c.committed & (1 << position) != 0)) return;
        address caller = _onceIn(2) ? seatOwner(seat) : seatKey(seat);
        bool isItsOwn = !anyway || !_onceIn(8);
        if (!isItsOwn) caller = seatOwner(seat + 1);
        bool open = c.status == CaseStatus.Commit && _now() < c.since + uint256(courtParameters().commitWindow);
        bool allowed = open && seat != 0 && isItsOwn && _isOfTier(c, position);
        if (position < 16) allowed = allowed && c.committed & (1 << position) == 0;
        Secret memory s = _secretOf(trial, seat);
        bytes32 hash = CaseLib.commitment(address(tribunal), trial.id, position, seat, s.word, s.salt);
        bytes memory data = abi.encodeCall(ICases.commit, (trial.id, position, hash));
        (bool done, ) = _perform("commit", caller, address(tribunal), data, allowed);
        if (!done) return;
        secrets[trial.id][position] = s;
        _isBooked(trial.id, CaseStatus.Reveal, c.committed | (1 << position));
    }

    function _reveals(Trial memory trial, uint256 position, bool anyway) internal {
        Case memory c = tribunal.caseOf(trial.id);
        uint32 seat = position < 12 ? tribunal.seatsOf(trial.id)[position] : 0;
        bool isBound = position < 12 && _isWaiting(c, position) && c.revealed & (1 << position) == 0;
        if (!anyway && !isBound) return;
        if (!_isHonest(seat) && _mood(trial.id, seat) == 5) return;
        Secret memory s = position < 12 ? secrets[trial.id][position] : Secret(0, 0);
        bool isTrue = !anyway || !_onceIn(6);
        if (!isTrue) s.word ^= bytes32(uint256(1));
        bytes memory data = abi.encodeCall(ICases.reveal, (trial.id, position, s.word, s.salt));
        bool allowed = isTrue && isBound && _mayReveal(c);
        (bool done, ) = _perform("reveal", STRANGER, address(tribunal), data, allowed);
        if (!done) return;
        _holds(tribunal.wordAt(trial.id, position) == s.word, "another word");
        _isBooked(trial.id, CaseStatus.Revealed, c.revealed | (1 << position));
    }

    /// @dev The act is remembered, and the last of a tier opens what comes next.
    function _isBooked(bytes32 caseId, CaseStatus behind, uint256 mask) private {
        Case memory c = tribunal.caseOf(caseId);
        _holds((behind == CaseStatus.Reveal ? c.committed : c.revealed) == mask, "positions that acted");
        _holds((c.status == behind) == (_lacks(caseId, c.tier, mask) == 0), "the last of a tier");
        _holds(c.status != behind || c.since == _now(), "since when");
    }

    /// @dev How many seats of the tier are not in the mask.
    function _lacks(bytes32 caseId, uint8 tier, uint256 mask) private view returns (uint256 count) {
        uint32[12] memory seats = tribunal.seatsOf(caseId);
        uint256 from = tier == 2 ? 3 : 0;
        for (uint256 i = from; i < (from == 0 ? 3 : 12); ++i) {
            if (seats[i] != 0 && mask & (1 << i) == 0) ++count;
        }
    }

    function _mayReveal(Case memory c) internal view returns (bool) {
        uint256 opening = c.since;
        if (c.status == CaseStatus.Commit) opening += courtParameters().commitWindow;
        else if (c.status != CaseStatus.Reveal) return false;
        return _now() >= opening && _now() < opening + courtParameters().revealWindow;
    }

    /// @dev Whether a position has committed in the tier that sits.
    function _isWaiting(Case memory c, uint256 position) internal pure returns (bool) {
        return _isOfTier(c, position) && c.committed & (1 << position) != 0;
    }

    function _isOfTier(Case memory c, uint256 position) internal pure returns (bool) {
        return c.tier == 2 ? position >= 3 && position < 12 : position < 3;
    }

    /// @dev The draw of an old job was made again, and did not choose it.
    function _isDismissed(Trial memory trial, Books memory b) private {
        _reach("dismissed");
        _holds(tribunal.caseOf(trial.id).status == CaseStatus.Closed, "not dismissed");
        _areKept(b, _booksOf(matters[trial.matter], OPENER), "dismissal");
    }

    function _opens(Trial memory trial) private {
        trials.push(trial);
        isTried[trial.id] = true;
    }

    function _bondOf(Matter storage m) private view returns (uint256) {
        uint256 least = courtParameters().challengeBond;
        return m.spec.price / 10 > least ? m.spec.price / 10 : least;
    }

    /// @dev A case can be opened on the job.
    function _isLive(uint256 i) internal view returns (bool) {
        return _statusOf(i) == JobStatus.Submitted || _statusOf(i) == JobStatus.InCase;
    }

    function _isJudged(uint256 i) internal view returns (bool) {
        bool isSealed = matters[i].spec.flags == 1;
        return _isLive(i) && (matters[i].frozen.verified || (isSealed && market.isVerified(model)));
    }

    function _clientOf(Matter storage m) internal returns (address) {
        return _onceIn(12) ? clientAt(_below(CLIENTS)) : m.spec.client;
    }

    /// @dev What all other cases are.
    function _othersThan(Trial memory trial) internal view returns (bytes32 hash) {
        for (uint256 i = 0; i < trials.length; ++i) {
            if (trials[i].id == trial.id) continue;
            hash = keccak256(abi.encode(hash, tribunal.caseOf(trials[i].id), tribunal.seatsOf(trials[i].id)));
        }
    }

    function _rollTo(uint256 number) internal {
        if (vm.getBlockNumber() < number) vm.roll(number);
    }

    /// @dev A case in this state where there is one; now and then any.
    function _trial(CaseStatus wanted) internal returns (bool found, Trial memory trial) {
        uint256 length = trials.length;
        if (length == 0) return (false, trial);
        uint256 start = _below(length);
        if (_onceIn(12)) return (true, trials[start]);
        for (uint256 i = 0; i < length; ++i) {
            trial = trials[(start + i) % length];
            if (tribunal.caseOf(trial.id).status == wanted) return (true, trial);
        }
        return (false, trial);
    }

    /// @dev A job in this state where there is one; now and then any.
    function _matter(JobStatus wanted) internal returns (bool found, uint256 index) {
        uint256 length = matters.length;
        if (length == 0) return (false, 0);
        uint256 start = _below(length);
        if (_onceIn(12)) return (true, start);
        for (uint256 i = 0; i < length; ++i) {
            index = (start + i) % length;
            if (_statusOf(index) == wanted) return (true, index);
        }
        return (false, 0);
    }

    function _nameOf(Verdict verdict) private pure returns (string memory) {
        string[7] memory names;
        names = ["escalated", "acquitted", "convicted", "withheld", "undecidable", "no quorum", "moot"];
        return names[uint256(verdict)];
    }
}
