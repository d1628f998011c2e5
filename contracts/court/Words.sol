// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus} from "../interfaces/ICaseNotices.sol";
import {ICases} from "../interfaces/ICases.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {Cases} from "./Cases.sol";

/// @title Words
/// @notice Commit, then reveal: no seat knows what another says before it has said its own.
abstract contract Words is Cases {
    using DeadlineLib for uint256;

    /// @inheritdoc ICases
    function commit(bytes32 caseId, uint256 position, bytes32 commitment) external {
        Case memory c = _cases[caseId];
        _requireStatus(caseId, c.status, CaseStatus.Commit);
        uint256 deadline = _commitBy(c);
        require(deadline.isAhead(), CaseTooLate(caseId, deadline));
        uint256 packed = _packedSeats[caseId];
        uint32 seat = _requireSeat(caseId, c.tier, packed, position);
        uint256 bit = 1 << position;
        require(c.committed & bit == 0, CaseAlreadyCommitted(caseId, position));

        _words[caseId][position] = commitment;
        c.committed |= uint16(bit);
        uint256 seated = _seatedIn(c.tier, packed);
        if (c.committed & seated == seated) {
            c.status = CaseStatus.Reveal;
            c.since = uint40(block.timestamp);
        }
        _cases[caseId] = c;

        emit WordCommitted(caseId, seat, position, commitment);
    }

    /// @inheritdoc ICases
    function reveal(bytes32 caseId, uint256 position, bytes32 word, bytes32 salt) external {
        Case memory c = _cases[caseId];
        _requireRevealing(caseId, c);
        uint256 packed = _packedSeats[caseId];
        uint256 seated = _seatedIn(c.tier, packed);
        uint32 seat = _requireCommitment(caseId, seated & c.committed & ~uint256(c.revealed), position, word, salt);

        _words[caseId][position] = word;
        c.revealed |= uint16(1 << position);
        if (c.revealed & seated == seated) {
            c.status = CaseStatus.Revealed;
            c.since = uint40(block.timestamp);
        }
        _cases[caseId] = c;

        emit WordRevealed(caseId, seat, position, word);
    }

    /// @inheritdoc ICases
    function denounce(bytes32 caseId, uint256 position, bytes32 word, bytes32 salt) external {
        Case memory c = _cases[caseId];
        bool isBefore = c.status == CaseStatus.Waiting || (c.status == CaseStatus.Commit && _commitBy(c).isAhead());
        require(isBefore, CaseWrongStatus(caseId, c.status));
        uint256 packed = _packedSeats[caseId];
        uint256 waiting = _seatedIn(c.tier, packed) & c.committed;
        uint32 seat = _requireCommitment(caseId, waiting, position, word, salt);

        _packedSeats[caseId] = CaseLib.withoutSeat(packed, position);
        _cases[caseId].committed = c.committed & ~uint16(1 << position);
        delete _words[caseId][position];
        uint256 taken = _penalise(seat, caseId, type(uint64).max);
        _market.pay(msg.sender, taken / 5);
        _market.pay(BURN_ACCOUNT, taken - taken / 5);

        emit SeatDenounced(caseId, seat, msg.sender);
    }

    function _revealFrom(Case memory c) internal view returns (uint256) {
        return c.status == CaseStatus.Reveal ? c.since : _commitBy(c);
    }

    /// @dev The tier is over once all its words are revealed, or the time for them has passed.
    function _requireOver(bytes32 caseId, Case memory c) internal view {
        if (c.status == CaseStatus.Revealed) return;
        bool isRunning = c.status == CaseStatus.Commit || c.status == CaseStatus.Reveal;
        require(isRunning, CaseWrongStatus(caseId, c.status));
        uint256 deadline = _revealFrom(c) + REVEAL_WINDOW;
        require(deadline.hasPassed(), CaseTooEarly(caseId, deadline));
    }

    function _requireRevealing(bytes32 caseId, Case memory c) private view {
        bool isRunning = c.status == CaseStatus.Commit || c.status == CaseStatus.Reveal;
        require(isRunning, CaseWrongStatus(caseId, c.status));
        uint256 opening = _revealFrom(c);
        require(opening.hasPassed(), CaseTooEarly(caseId, opening));
        uint256 deadline = opening + REVEAL_WINDOW;
        require(deadline.isAhead(), CaseTooLate(caseId, deadline));
    }
}
