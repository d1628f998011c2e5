// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Draw, IDraws} from "../interfaces/IDraws.sol";
import {Frozen, IJobs, Job, JobRecord, JobSpec, JobStatus, Obstacle, Outcome} from "../interfaces/IJobs.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {FeeLib} from "../libraries/FeeLib.sol";
import {FrozenLib} from "../libraries/FrozenLib.sol";
import {JobSpecLib} from "../libraries/JobSpecLib.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";
import {CourtAccount} from "./CourtAccount.sol";

/// @title Jobs
/// @notice The life of a job: listed transitions only, final states absorb, one storage slot.
abstract contract Jobs is IJobs, CourtAccount, EIP712 {
    using DeadlineLib for uint256;
    using FrozenLib for Frozen;
    using JobSpecLib for JobSpec;

    mapping(JobId id => Job) internal _jobs;

    /// @inheritdoc IJobs
    function post(JobSpec calldata spec, string calldata uri) external returns (JobId id) {
        id = jobId(spec);
        _requireListable(id, spec);

        _escrow(id, spec, uri);
    }

    /// @inheritdoc IJobs
    function postMany(JobSpec[] calldata specs, string[] calldata uris) external {
        require(specs.length == uris.length, JobLengthMismatch(specs.length, uris.length));
        for (uint256 i = 0; i < specs.length; ++i) {
            JobSpec calldata spec = specs[i];
            JobId id = jobId(spec);
            if (_jobs[id].status != JobStatus.None) {
                emit JobSkipped(id, Obstacle.WrongStatus);
            } else if (uint256(spec.acceptBy).hasPassed()) {
                emit JobSkipped(id, Obstacle.TooLate);
            } else {
                _requireListable(id, spec);
                _escrow(id, spec, uris[i]);
            }
        }
    }

    /// @inheritdoc IJobs
    function accept(JobSpec calldata spec, address provider) external onlyOperatorOf(provider) {
        JobId id = jobId(spec);
        _requireStatus(id, _jobs[id].status, JobStatus.Open);
        bool named = spec.provider == provider || spec.provider == address(0);
        require(named, JobProviderMismatch(spec.provider, provider));
        require(uint256(spec.acceptBy).isAhead(), JobTooLate(id, spec.acceptBy));

        Frozen memory frozen = _engage(spec, provider);
        _store(id, JobStatus.Accepted, frozen.digest());

        emit JobAccepted(id, provider, frozen.verified);
    }

    /// @inheritdoc IJobs
    function decline(JobSpec calldata spec, Frozen memory frozen) external onlyOperatorOf(frozen.provider) {
        JobId id = jobId(spec);
        Job memory job = _requireFrozen(id, JobStatus.Accepted, frozen);
        uint256 deadline = uint256(job.since) + spec.submitWithin;
        require(deadline.isAhead(), JobTooLate(id, deadline));
        bool late = (uint256(job.since) + DECLINE_GRACE).hasPassed();
        uint256 fee = late ? FeeLib.shareUp(spec.price, DECLINE_SHARE) : 0;

        _refundAccepted(id, spec, frozen.provider, Outcome.Declined, fee);
    }

    /// @inheritdoc IJobs
    function submit(JobId id, Frozen memory frozen, bytes32 resultRoot) external onlyOperatorOf(frozen.provider) {
        Job memory job = _requireFrozen(id, JobStatus.Accepted, frozen);
        uint256 deadline = uint256(job.since) + frozen.submitWithin;
        require(deadline.isAhead(), JobTooLate(id, deadline));

        _deliver(id, frozen, resultRoot);
    }

    /// @inheritdoc IJobs
    function settle(JobId id, Frozen memory frozen) external returns (Outcome outcome) {
        Job memory job = _requireFrozen(id, JobStatus.Submitted, frozen);
        Obstacle obstacle;
        (obstacle, outcome) = _settle(id, job, frozen);
        require(obstacle != Obstacle.DrawPending, JobDrawPending(id));
        require(obstacle != Obstacle.Drawn, JobDrawn(id));
        require(obstacle != Obstacle.TooEarly, JobTooEarly(id, uint256(job.since) + frozen.challengeWindow));
    }

    /// @inheritdoc IJobs
    function settleMany(JobRecord[] calldata records) external {
        for (uint256 i = 0; i < records.length; ++i) {
            JobId id = records[i].id;
            Frozen memory frozen = records[i].frozen;
            Job memory job = _jobs[id];
            Obstacle obstacle;
            if (job.status != JobStatus.Submitted) obstacle = Obstacle.WrongStatus;
            else if (job.digest != frozen.digest()) obstacle = Obstacle.WrongFrozen;
            else (obstacle, ) = _settle(id, job, frozen);
            if (obstacle != Obstacle.None) emit JobSkipped(id, obstacle);
        }
    }

    /// @inheritdoc IJobs
    function cancel(JobSpec calldata spec) external {
        JobId id = jobId(spec);
        require(msg.sender == spec.client, JobNotClient(spec.client, msg.sender));
        _requireStatus(id, _jobs[id].status, JobStatus.Open);

        _refund(id, spec, address(0), Outcome.Cancelled, 0);
    }

    /// @inheritdoc IJobs
    function expire(JobSpec calldata spec, Frozen memory frozen) external {
        JobId id = jobId(spec);
        Job memory job = _jobs[id];
        if (job.status == JobStatus.Open) {
            require(uint256(spec.acceptBy).hasPassed(), JobTooEarly(id, spec.acceptBy));

            _refund(id, spec, address(0), Outcome.NotAccepted, 0);
        } else {
            _requireFrozen(id, JobStatus.Accepted, frozen);
            uint256 deadline = uint256(job.since) + spec.submitWithin;
            require(deadline.hasPassed(), JobTooEarly(id, deadline));
            uint256 penalty = FeeLib.noShowPenalty(spec.price, NO_SHOW_SHARE, NO_SHOW_FLOOR);

            _refundAccepted(id, spec, frozen.provider, Outcome.NoShow, penalty);
        }
    }

    /// @inheritdoc IJobs
    function lockJob(JobId id, Frozen memory frozen) external onlyCourt {
        _requireFrozen(id, JobStatus.Submitted, frozen);

        _jobs[id].status = JobStatus.InCase;

        emit JobLocked(id);
    }

    /// @inheritdoc IJobs
    function releaseJob(JobId id, Frozen memory frozen) external onlyCourt {
        _requireFrozen(id, JobStatus.InCase, frozen);

        _jobs[id].status = JobStatus.Submitted;

        emit JobReleased(id);
    }

    /// @inheritdoc IJobs
    function rejectJob(JobSpec calldata spec, Frozen memory frozen, Outcome outcome) external onlyCourt {
        JobId id = jobId(spec);
        _requireFrozen(id, JobStatus.InCase, frozen);
        require(outcome >= Outcome.Withheld, JobInvalidOutcome(outcome));

        _jobs[id].status = JobStatus.Rejected;
        _unexpose(frozen.provider, spec.price, 0, 0);
        _credit(spec.client, spec.price);

        emit JobRefunded(id, frozen.provider, outcome, spec.price, 0);
    }

    /// @inheritdoc IJobs
    function jobOf(JobId id) external view returns (Job memory) {
        return _jobs[id];
    }

    /// @inheritdoc IJobs
    function jobId(JobSpec calldata spec) public view returns (JobId) {
        return JobId.wrap(_hashTypedDataV4(spec.hash()));
    }

    /// @dev Checks all that a job must fulfil to be listed.
    function _requireListable(JobId id, JobSpec calldata spec) internal view {
        _requireStatus(id, _jobs[id].status, JobStatus.None);
        require(uint256(spec.acceptBy).isAhead(), JobTooLate(id, spec.acceptBy));
        require(spec.acceptBy <= block.timestamp + MAX_ACCEPT_DELAY, JobInvalidSpec("acceptBy"));
        require(ModelId.unwrap(spec.model) != 0, JobInvalidSpec("model"));
        require(spec.input != 0, JobInvalidSpec("input"));
        require(spec.items > 0, JobInvalidSpec("items"));
        require(spec.price > 0, JobInvalidSpec("price"));
        require(spec.submitWithin > 0 && spec.submitWithin <= MAX_SUBMIT_WITHIN, JobInvalidSpec("submitWithin"));
        bool fits = spec.challengeWindow >= MIN_CHALLENGE_WINDOW && spec.challengeWindow <= MAX_CHALLENGE_WINDOW;
        require(fits, JobInvalidSpec("challengeWindow"));
        require(spec.flags <= JobSpecLib.SEALED, JobInvalidSpec("flags"));
        require(spec.callback == address(0), JobInvalidSpec("callback"));
        require(spec.callbackGas == 0, JobInvalidSpec("callbackGas"));
    }

    /// @dev Takes the exposure on and tells what is frozen; the caller stores it. The court draws by what is frozen,
    /// so a sealed job is frozen as unverified: no audit shows its inputs.
    function _engage(JobSpec calldata spec, address provider) internal returns (Frozen memory frozen) {
        frozen.provider = provider;
        frozen.price = spec.price;
        frozen.submitWithin = spec.submitWithin;
        frozen.challengeWindow = spec.challengeWindow;
        frozen.verified = spec.flags & JobSpecLib.SEALED == 0 && isVerified(spec.model);
        _expose(provider, spec.price);
    }

    function _emitPosted(JobId id, JobSpec calldata spec, string memory uri) internal {
        emit JobPosted(
            id,
            spec.client,
            spec.provider,
            spec.model,
            spec.input,
            spec.items,
            spec.price,
            spec.acceptBy,
            spec.submitWithin,
            spec.challengeWindow,
            spec.flags,
            spec.salt,
            uri
        );
    }

    function _deliver(JobId id, Frozen memory frozen, bytes32 resultRoot) internal {
        require(resultRoot != 0, JobZeroRoot());
        frozen.resultRoot = resultRoot;
        frozen.submitBlock = uint64(block.number);

        _store(id, JobStatus.Submitted, frozen.digest());

        emit JobSubmitted(id, frozen.provider, resultRoot);
    }

    function _store(JobId id, JobStatus status, bytes26 digest) internal {
        _jobs[id] = Job({status: status, since: uint40(block.timestamp), digest: digest});
    }

    function _requireStatus(JobId id, JobStatus status, JobStatus wanted) private pure {
        require(status == wanted, JobWrongStatus(id, status));
    }

    function _requireFrozen(JobId id, JobStatus wanted, Frozen memory frozen) private view returns (Job memory job) {
        job = _jobs[id];
        _requireStatus(id, job.status, wanted);
        require(job.digest == frozen.digest(), JobWrongFrozen(id));
    }

    function _escrow(JobId id, JobSpec calldata spec, string calldata uri) private {
        require(msg.sender == spec.client, JobNotClient(spec.client, msg.sender));

        _debit(spec.client, spec.price);
        _store(id, JobStatus.Open, 0);

        _emitPosted(id, spec, uri);
    }

    /// @dev The job was submitted and its frozen values are right. An obstacle leaves no trace.
    function _settle(JobId id, Job memory job, Frozen memory frozen) private returns (Obstacle, Outcome) {
        if (frozen.verified) {
            Draw draw = IDraws(COURT).drawOf(id, frozen);
            if (draw == Draw.Pending) return (Obstacle.DrawPending, Outcome.None);
            if (draw == Draw.Drawn) return (Obstacle.Drawn, Outcome.None);
        }
        if ((uint256(job.since) + frozen.challengeWindow).isAhead()) return (Obstacle.TooEarly, Outcome.None);
        Outcome outcome = frozen.verified ? Outcome.Completed : Outcome.Unverified;
        uint64 fee = uint64(FeeLib.shareUp(frozen.price, FEE_SHARE));
        uint64 paid = frozen.price - fee;

        _store(id, JobStatus.Settled, 0);
        _unexpose(frozen.provider, frozen.price, paid, fee);

        emit JobSettled(id, frozen.provider, outcome, paid, fee);
        return (Obstacle.None, outcome);
    }

    function _refundAccepted(
        JobId id,
        JobSpec calldata spec,
        address provider,
        Outcome outcome,
        uint256 penalty
    ) private {
        _unexpose(provider, spec.price, 0, 0);
        uint256 paid = penalty > 0 ? _penalise(provider, penalty, spec.client) : 0;
        _refund(id, spec, provider, outcome, paid);
    }

    function _refund(JobId id, JobSpec calldata spec, address provider, Outcome outcome, uint256 penalty) private {
        _store(id, JobStatus.Refunded, 0);
        _credit(spec.client, spec.price);

        emit JobRefunded(id, provider, outcome, spec.price, penalty);
    }
}
