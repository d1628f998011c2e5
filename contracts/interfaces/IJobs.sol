// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";

/// @notice What is asked for. Immutable: it travels in calldata and events, and its hash is the job's id.
/// @dev The market stores none of it; who needs it brings it along.
struct JobSpec {
    /// Who pays, is repaid, and may cancel.
    address client;
    /// Who may accept. Zero: anyone.
    address provider;
    ModelId model;
    /// Merkle root over the input leaves of all items (see LeafLib).
    bytes32 input;
    /// How many items the input has.
    uint32 items;
    /// For the whole job, in token units.
    uint64 price;
    /// An accept is in time before this. Unix seconds.
    uint40 acceptBy;
    /// A submit is in time for so many seconds after the accept.
    uint32 submitWithin;
    /// A challenge is in time for so many seconds after the submit; then the job may be settled.
    uint32 challengeWindow;
    /// Bit 0, sealed: inputs are for the provider alone, no random audit. Bit 1, receipt: a live call before the court; no job is
    /// listed with it. Other bits must be zero.
    uint8 flags;
    /// Reserved: must be zero.
    address callback;
    /// Reserved: must be zero.
    uint32 callbackGas;
    /// Makes jobs that are equal otherwise distinct.
    bytes32 salt;
}

/// @notice What was frozen when a job was accepted and submitted: all that its later steps need. The market keeps its
/// digest; the job's events carry every part.
struct Frozen {
    address provider;
    /// As in the spec.
    uint64 price;
    uint32 submitWithin;
    uint32 challengeWindow;
    /// Whether random audits stand behind the job: it is not sealed, and its model's panel could judge when it was
    /// accepted.
    bool verified;
    /// The block of the submit; zero before. It anchors the draw.
    uint64 submitBlock;
    /// Merkle root over the result leaves of all items; zero before the submit.
    bytes32 resultRoot;
}

/// @notice A job, as stored: one slot.
struct Job {
    JobStatus status;
    /// When the status, or the submit behind it, came about. Unix seconds.
    uint40 since;
    /// The first 26 bytes of the hash of what was frozen.
    bytes26 digest;
}

/// @notice A job with what was frozen: an entry of a batch.
struct JobRecord {
    JobId id;
    Frozen frozen;
}

enum JobStatus {
    None,
    Open,
    Accepted,
    Submitted,
    InCase,
    Settled,
    Refunded,
    Rejected
}

/// @notice How a job ended, so that a record can tell idle from faulty.
enum Outcome {
    None,
    /// Paid; random audits stood behind it.
    Completed,
    /// Paid; the model was not verified, or the job was sealed.
    Unverified,
    /// Taken back by the client before anyone accepted.
    Cancelled,
    /// Nobody accepted in time.
    NotAccepted,
    /// The provider accepted and gave it back.
    Declined,
    /// The provider accepted and did not submit in time.
    NoShow,
    /// By the court: a result that nobody could get.
    Withheld,
    /// By the court: a result that did not come from the model.
    Rejected,
    /// By the court: no panel could judge.
    Undecidable
}

/// @notice Why an entry of a batch was passed over.
enum Obstacle {
    None,
    WrongStatus,
    WrongFrozen,
    TooEarly,
    TooLate,
    DrawPending,
    Drawn
}

/// @title IJobs
/// @notice The life of a job. A duty is in time while `now < deadline`; its exit is open to anyone from then on.
interface IJobs {
    /// @notice A job was posted and its price escrowed. With the reserved fields zero, this is the whole spec.
    /// @param uri Where the input may be fetched; not hashed, may be empty.
    event JobPosted(
        JobId indexed id,
        address indexed client,
        address indexed provider,
        ModelId model,
        bytes32 input,
        uint32 items,
        uint64 price,
        uint40 acceptBy,
        uint32 submitWithin,
        uint32 challengeWindow,
        uint8 flags,
        bytes32 salt,
        string uri
    );

    /// @notice A provider took a job on.
    event JobAccepted(JobId indexed id, address indexed provider, bool verified);

    /// @notice A provider posted the root of its results.
    /// @dev The block of this event is the submit block.
    event JobSubmitted(JobId indexed id, address indexed provider, bytes32 resultRoot);

    /// @notice A job's payment waits for the court.
    event JobLocked(JobId indexed id);

    /// @notice The court let a job's payment go on.
    event JobReleased(JobId indexed id);

    /// @notice The provider was paid. `paid + fee` is the price.
    event JobSettled(JobId indexed id, address indexed provider, Outcome outcome, uint256 paid, uint256 fee);

    /// @notice The client was repaid the price, and got `penalty`, a fifth of what the provider's stake lost; the rest went to the
    /// pool.
    /// @param provider Zero if none had accepted.
    event JobRefunded(JobId indexed id, address indexed provider, Outcome outcome, uint256 refund, uint256 penalty);

    /// @notice An entry of a batch was passed over.
    event JobSkipped(JobId indexed id, Obstacle obstacle);

    /// @notice A field of the spec is outside its bounds.
    /// @param field Its name.
    error JobInvalidSpec(string field);

    /// @notice The job is not in a state in which this can be done.
    error JobWrongStatus(JobId id, JobStatus status);

    /// @notice The frozen values are not those of the job. Take them from its events.
    error JobWrongFrozen(JobId id);

    /// @notice The deadline of this duty has passed.
    error JobTooLate(JobId id, uint256 deadline);

    /// @notice This opens at `deadline`.
    error JobTooEarly(JobId id, uint256 deadline);

    /// @notice Only the client may do this.
    error JobNotClient(address client, address caller);

    /// @notice The job is for another provider, or must name one and does not.
    error JobProviderMismatch(address named, address given);

    /// @notice A result root of zero is no result.
    error JobZeroRoot();

    /// @notice The draw needs a later block. Settle again in a few blocks.
    error JobDrawPending(JobId id);

    /// @notice The draw chose this job for an audit. Open its case: `Court.openDrawn`.
    error JobDrawn(JobId id);

    /// @notice Lists of a batch differ in length.
    error JobLengthMismatch(uint256 specs, uint256 uris);

    /// @notice The court gave an outcome that is not its to give.
    error JobInvalidOutcome(Outcome outcome);

    /// @notice Escrows the price of the caller's job from its free balance and lists it.
    function post(JobSpec calldata spec, string calldata uri) external returns (JobId id);

    /// @notice Posts several jobs of the caller. Entries posted before or past their `acceptBy` are skipped.
    function postMany(JobSpec[] calldata specs, string[] calldata uris) external;

    /// @notice Takes a job on for `provider`: it has the whole input and will submit in time.
    /// @dev By the provider or a valid operator key of it.
    function accept(JobSpec calldata spec, address provider) external;

    /// @notice Gives an accepted job back for good; free within the grace period, then for a small fee from the stake.
    function decline(JobSpec calldata spec, Frozen calldata frozen) external;

    /// @notice Posts the root over the items' result leaves.
    function submit(JobId id, Frozen calldata frozen, bytes32 resultRoot) external;

    /// @notice Pays the provider after the challenge window, unless the draw chose the job. Anyone may call.
    /// @return outcome Completed, or Unverified where no audits stood behind the job.
    function settle(JobId id, Frozen calldata frozen) external returns (Outcome outcome);

    /// @notice Settles several jobs. Entries that cannot be settled now are skipped.
    function settleMany(JobRecord[] calldata records) external;

    /// @notice Takes back a job that nobody accepted. Only the client.
    function cancel(JobSpec calldata spec) external;

    /// @notice Ends a job whose accept or submit is overdue and repays the client. Anyone may call.
    /// @param frozen Zeros if nobody accepted.
    function expire(JobSpec calldata spec, Frozen calldata frozen) external;

    /// @notice Holds a submitted job's payment. Only the court.
    function lockJob(JobId id, Frozen calldata frozen) external;

    /// @notice Lets a held job be settled. Only the court.
    function releaseJob(JobId id, Frozen calldata frozen) external;

    /// @notice Repays the client of a held job. Only the court.
    /// @param outcome Withheld, Rejected or Undecidable.
    function rejectJob(JobSpec calldata spec, Frozen calldata frozen, Outcome outcome) external;

    /// @notice The id of a job.
    function jobId(JobSpec calldata spec) external view returns (JobId);

    /// @notice The stored state of a job.
    function jobOf(JobId id) external view returns (Job memory);
}
