// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus, Verdict} from "../../../contracts/interfaces/ICaseNotices.sol";
import {Answer, Demand, IDemands} from "../../../contracts/interfaces/IDemands.sol";
import {JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {CaseActions} from "./CaseActions.sol";
import {Matter, Trial} from "./CourtGhost.sol";
import {Books, Outlook} from "./Foresight.sol";

/// @title DemandActions
/// @notice Clients and seats demand data; providers answer or do not.
abstract contract DemandActions is CaseActions {
    /// @dev An open demand, by its key.
    struct Open {
        bytes32 key;
        uint256 matter;
        bool isForCase;
    }

    function demand(uint256 seed) external drawn(seed) {
        if (!_onceIn(2)) return;
        (bool found, uint256 i) = _matter(_onceIn(2) ? JobStatus.InCase : JobStatus.Submitted);
        if (!found) return;
        Matter storage m = matters[i];
        uint32 item = uint32(_onceIn(16) ? m.spec.items : _below(m.spec.items));
        address caller = _clientOf(m);
        bool inTime = _statusOf(i) == JobStatus.InCase || _now() < m.submittedAt + m.spec.challengeWindow;
        bool allowed = _isJudged(i) && caller == m.spec.client && item < m.spec.items && inTime;
        allowed = allowed && !_hasDemand(JobId.unwrap(m.id)) && _mayDeposit(caller);
        bytes memory data = abi.encodeCall(IDemands.demand, (m.spec, m.frozen, item, uint8(_below(3))));
        _perform("demand", caller, address(tribunal), data, allowed);
    }

    function demandForCase(uint256 seed) external drawn(seed) {
        (bool found, Trial memory trial) = _trial(CaseStatus.Commit);
        if (found) _demands(trial);
    }

    function _demands(Trial memory trial) internal {
        Matter storage m = matters[trial.matter];
        Case memory c = tribunal.caseOf(trial.id);
        uint256 position = (c.tier == 2 ? 3 : 0) + _below(c.tier == 2 ? 10 : 4);
        uint32 seat = position < 12 ? tribunal.seatsOf(trial.id)[position] : 0;
        bool isItsOwn = !_onceIn(12);
        address caller = isItsOwn ? seatKey(seat) : seatOwner(seat + 1);
        bool open = c.status == CaseStatus.Commit && _now() < c.since + uint256(courtParameters().commitWindow);
        bool isLeft = c.demands < 12 && c.nextItem < m.spec.items && (c.nextChunk > 0 || c.answeredTokens < 512);
        bool allowed =
            open && isLeft && seat != 0 && isItsOwn && _isOfTier(c, position) && _mayDeposit(seatOwner(seat));
        allowed = allowed && _statusOf(trial.matter) == JobStatus.InCase;
        bytes memory data = abi.encodeCall(IDemands.demandForCase, (m.spec, m.frozen, trial.key, position));
        (bool done, ) = _perform("demand for case", caller, address(tribunal), data, allowed);
        if (!done) return;
        Demand memory d = tribunal.demandOf(trial.id);
        _holds(d.demander == seatOwner(seat), "demanded for another");
        _holds(d.item == (uint256(c.startItem) + c.nextItem) % m.spec.items, "demanded out of order");
    }

    function answer(uint256 seed) external drawn(seed) {
        (bool found, Open memory open) = _openDemand();
        if (!found) return;
        uint256 kind = _below(8);
        uint256 other = kind < 2 ? _heldOne() : open.matter;
        _answers(open, other, kind == 2);
    }

    function defaultDemand(uint256 seed) external drawn(seed) {
        (bool found, Open memory open) = _openDemand();
        if (!found) return;
        uint256 other = _onceIn(4) ? _heldOne() : open.matter;
        Demand memory d = tribunal.demandOf(open.key);
        bool isEnded = _statusOf(open.matter) == JobStatus.Rejected;
        bool allowed = other == open.matter && (isEnded || _now() >= d.answerBy);
        Case memory c = tribunal.caseOf(open.key);
        uint32[12] memory seats = tribunal.seatsOf(open.key);
        Books memory b = _booksOf(matters[other], d.demander);
        bytes32 others = _othersThan(Trial(open.key, 0, 0));
        if (!_lapses(matters[other], open.key, allowed)) return;
        b.court -= courtParameters().demandDeposit;
        if (d.demander == matters[other].spec.client) b.client += courtParameters().demandDeposit;
        else b.demander += courtParameters().demandDeposit;
        _reach(
            isEnded
                ? "moot demand"
                : open.isForCase
                    ? "withheld"
                    : "withheld from the client"
        );
        if (!isEnded) _withheld(b, matters[other], c, seats, open.isForCase);
        _areKept(b, _booksOf(matters[other], d.demander), "default");
        _holds(others == _othersThan(Trial(open.key, 0, 0)), "a default moved another case");
    }

    function _lapses(Matter storage m, bytes32 key, bool allowed) private returns (bool done) {
        bytes memory data = abi.encodeCall(IDemands.defaultDemand, (m.spec, m.frozen, key));
        (done, ) = _perform("default", STRANGER, address(tribunal), data, allowed);
    }

    function _withheld(
        Books memory b,
        Matter storage m,
        Case memory c,
        uint32[12] memory seats,
        bool isForCase
    ) private {
        _holds(!_isHonestProvider(m.frozen.provider), "an honest provider withheld");
        if (isForCase) _ended(b, m, c, seats, Outlook(true, Verdict.Withheld, 0, 0));
        else _sentenced(b, m, false, 0);
    }

    function _answers(Open memory open, uint256 other, bool isWrong) internal {
        Demand memory d = tribunal.demandOf(open.key);
        Case memory c = tribunal.caseOf(open.key);
        Answer memory data = _answerTo(matters[other], d.item % matters[other].spec.items);
        if (isWrong) _spoil(data, d.chunk == 0);
        bool allowed = other == open.matter && !isWrong && _now() < d.answerBy;
        address paid = open.isForCase ? d.demander : OPENER;
        uint256 balance = accountOf(paid).balance;
        bytes32 others = _othersThan(Trial(open.key, 0, 0));
        if (!_sends(matters[other], open.key, data, allowed)) return;
        _holds(accountOf(paid).balance == balance + courtParameters().demandDeposit, "the answer's deposit");
        _holds(others == _othersThan(Trial(open.key, 0, 0)), "an answer moved another case");
        if (c.status == CaseStatus.Waiting) _goesOn(open.key, c, data.trace.length / 52);
    }

    function _sends(Matter storage m, bytes32 key, Answer memory data, bool allowed) private returns (bool done) {
        bytes memory call = abi.encodeCall(IDemands.answer, (m.spec, m.frozen, key, data));
        (done, ) = _perform("answer", OPENER, address(tribunal), call, allowed);
    }

    function _goesOn(bytes32 caseId, Case memory c, uint256 tokens) private {
        Case memory next = tribunal.caseOf(caseId);
        (c.status, c.since, c.nextItem, c.nextChunk) = (CaseStatus.Commit, uint40(_now()), c.nextItem + 1, 0);
        c.answeredTokens += uint16(tokens);
        _holds(keccak256(abi.encode(next)) == keccak256(abi.encode(c)), "the case goes on");
    }

    /// @dev One part is another than was asked for.
    function _spoil(Answer memory data, bool isFirst) private {
        uint256 part = _below(isFirst ? 5 : 3);
        if (part == 0) data.trace = bytes.concat(data.trace, "!");
        else if (part == 1) data.outputHash ^= bytes32(uint256(1));
        else if (part == 2) data.traceRoot = 0;
        else if (part == 3) data.request = "!";
        else data.output = "!";
    }

    /// @dev A job before the court, where there is one: whoever takes one demand for another's needs one that is held.
    function _heldOne() private returns (uint256 i) {
        (, i) = _matter(JobStatus.InCase);
    }

    function _openDemand() internal returns (bool, Open memory open) {
        uint256 length = matters.length + trials.length;
        if (length == 0) return (false, open);
        uint256 start = _below(length);
        for (uint256 i = 0; i < length; ++i) {
            open = _demandAt((start + i) % length);
            if (_hasDemand(open.key)) return (true, open);
        }
        return (false, open);
    }

    function _demandAt(uint256 i) internal view returns (Open memory) {
        if (i < matters.length) return Open(JobId.unwrap(matters[i].id), i, false);
        Trial storage trial = trials[i - matters.length];
        return Open(trial.id, trial.matter, true);
    }

    function _mayDeposit(address account) private view returns (bool) {
        return accountOf(account).balance >= courtParameters().demandDeposit;
    }
}
