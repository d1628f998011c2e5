// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";

enum CaseStatus {
    None,
    /// Waits for the block whose hash draws the panel.
    Pinned,
    /// Seats check, and commit to their words.
    Commit,
    /// A seat demanded data; the clock of the commits stands still.
    Waiting,
    /// All seats have committed, and reveal.
    Reveal,
    /// All seats have revealed.
    Revealed,
    Closed
}

/// @notice How a case ended.
enum Verdict {
    /// Not over; or of a case that was opened for an old job, which the draw then did not choose.
    None,
    /// The result stands.
    Acquitted,
    /// The result did not come from the model: the client is repaid, the provider slashed.
    Convicted,
    /// The provider did not answer a demand: the client is repaid, the provider slashed.
    Withheld,
    /// The words lie too far apart: nobody is slashed, the result stands.
    Undecidable,
    /// Too few seats revealed: the client is repaid, the provider is paid from the penalties of the absent.
    NoQuorum,
    /// Another case had ended the job before.
    Moot
}

/// @notice A case, as stored: one slot.
struct Case {
    CaseStatus status;
    /// 1: three seats, who may only acquit. 2: nine fresh seats, of whom six convict.
    uint8 tier;
    /// One bit a position: 0 to 2 sit in tier one, 3 to 11 in tier two.
    uint16 committed;
    uint16 revealed;
    /// When the status came about. Unix seconds.
    uint40 since;
    /// The block whose hash draws the panel.
    uint32 anchor;
    /// The first item that the case is about.
    uint32 startItem;
    /// What seats demand next: the item so many after the first, and which chunk of it.
    uint8 nextItem;
    uint8 nextChunk;
    /// Demands for data so far, and tokens that their answers covered.
    uint8 demands;
    uint16 answeredTokens;
    /// What the client put down. Token units.
    uint64 bond;
}

/// @title ICaseNotices
/// @notice What is told about cases, and why a call about one is refused.
interface ICaseNotices {
    /// @notice A case was opened, and the payment of its job held.
    /// @param opener Who called: rewarded for a drawn case, the client for a challenge.
    event CaseOpened(bytes32 indexed caseId, JobId indexed job, address indexed opener, uint256 key);

    /// @notice The panel of a tier will be drawn by the hash of block `anchor`.
    event CasePinned(bytes32 indexed caseId, uint8 tier, uint256 anchor);

    /// @notice A panel was drawn. The first seed of a case also seeds the probes of its words, in both tiers.
    /// @param seats Numbers of the seats, in order of their positions; the first position is 0 in tier one, 3 in tier two.
    event CaseSeated(bytes32 indexed caseId, uint8 tier, bytes32 seed, uint256 startItem, uint32[] seats);

    /// @notice A seat committed to its word.
    event WordCommitted(bytes32 indexed caseId, uint32 indexed seat, uint256 position, bytes32 commitment);

    /// @notice A seat revealed its word.
    event WordRevealed(bytes32 indexed caseId, uint32 indexed seat, uint256 position, bytes32 word);

    /// @notice A seat told its word before the reveals, and lost its stake and its place.
    event SeatDenounced(bytes32 indexed caseId, uint32 indexed seat, address indexed by);

    /// @notice The client appealed against the acquittal of tier one.
    event CaseAppealed(bytes32 indexed caseId, address indexed client);

    /// @notice A case is over.
    /// @param slashed What the provider lost. Token units.
    event CaseClosed(bytes32 indexed caseId, JobId indexed job, Verdict verdict, uint256 slashed);

    /// @notice The draw did not choose this job, or does not yet.
    error CaseNotDrawn(JobId job);

    /// @notice No panel stands behind the job: its model was not verified when it was accepted.
    error CaseNotVerified(JobId job);

    /// @notice The job's payment is not held by this court, or its result is gone.
    error CaseWrongJob(JobId job);

    /// @notice The case is not in a state in which this can be done.
    error CaseWrongStatus(bytes32 caseId, CaseStatus status);

    /// @notice The deadline of this duty has passed.
    error CaseTooLate(bytes32 caseId, uint256 deadline);

    /// @notice This opens at `deadline`.
    error CaseTooEarly(bytes32 caseId, uint256 deadline);

    /// @notice The block that draws the panel is not there yet.
    error CaseSeedPending(bytes32 caseId, uint256 anchor);

    /// @notice Only the job's client may do this.
    error CaseNotClient(address client, address caller);

    /// @notice The job has no such item.
    error CaseNoSuchItem(JobId job, uint256 item);

    /// @notice The caller does not act for the seat at this position.
    error CaseNotSeat(bytes32 caseId, uint256 position, address caller);

    /// @notice The position has committed already.
    error CaseAlreadyCommitted(bytes32 caseId, uint256 position);

    /// @notice Word and salt are not what the position committed to, or it has revealed them.
    error CaseWrongReveal(bytes32 caseId, uint256 position);

    /// @notice Tier one did not acquit: close the case, and tier two is drawn without an appeal.
    error CaseNotAcquitted(bytes32 caseId);
}
