// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {Frozen, JobSpec} from "./IJobs.sol";

/// @notice An open demand for data, as stored.
struct Demand {
    JobId job;
    /// Zero if nothing is demanded.
    address demander;
    /// Unix seconds.
    uint40 answerBy;
    uint32 item;
    /// 0: the request, the output and the first chunk of the trace. n: chunk n of the trace alone.
    uint8 chunk;
}

/// @notice The bytes of an item, with proofs that they are those behind the job.
struct Answer {
    bytes32 outputHash;
    bytes32 traceRoot;
    /// From the result leaf to the job's result root.
    bytes32[] resultProof;
    /// From the input leaf to the job's input root; chunk 0 only.
    bytes32[] inputProof;
    /// From the trace leaf to the trace root; none where the trace is empty.
    bytes32[] traceProof;
    /// The exact bytes; chunk 0 only.
    bytes request;
    bytes output;
    /// Which chunk `trace` is: the demanded one, or the last one where there are fewer.
    uint32 traceChunk;
    /// The chunk of the trace; empty where the trace is. Every trace ends with a chunk that is not full.
    bytes trace;
}

/// @title IDemands
/// @notice Data on demand: who may see an item and is not given it over the network demands it on chain.
/// @dev A demand has a key: the id of the case for which a seat demands, or the id of the job whose client does. One demand
/// is open at a time for each key, so that nobody's demand stands in the way of a case.
interface IDemands {
    /// @notice Data is demanded: the provider answers before `answerBy` or loses its stake.
    event Demanded(
        JobId indexed job,
        bytes32 indexed key,
        address indexed demander,
        uint256 item,
        uint256 chunk,
        uint256 answerBy
    );

    /// @notice A demand was answered.
    event Answered(JobId indexed job, bytes32 indexed key, uint256 item, uint256 chunk, Answer answer);

    /// @notice A demand ended without an answer.
    /// @param isDefault Whether the provider's time was over, and it is slashed; else the job had been ended before.
    event DemandEnded(JobId indexed job, bytes32 indexed key, bool isDefault);

    /// @notice A demand with this key is open already; wait for its answer.
    error DemandOpen(bytes32 key);

    /// @notice No demand with this key is open.
    error DemandNotOpen(bytes32 key);

    /// @notice The answer's time is over.
    error DemandTooLate(bytes32 key, uint256 answerBy);

    /// @notice The provider still has until `answerBy`.
    error DemandTooEarly(bytes32 key, uint256 answerBy);

    /// @notice All that the case is about was demanded and answered: it is in the events.
    error DemandExhausted(bytes32 caseId);

    /// @notice The bytes are not those behind the job, or not those of an earlier answer.
    /// @param part result, request, output or trace.
    error DemandWrongAnswer(JobId job, string part);

    /// @notice Demands an item. Only the client, while the result can be challenged or a case is open; the deposit goes to whoever answers.
    function demand(JobSpec calldata spec, Frozen calldata frozen, uint32 item, uint8 chunk) external;

    /// @notice Demands, for the seat at `position`, what comes next in the order of a case: items from the first on, chunk by chunk,
    /// from where the last answer ended. The deposit comes back with the answer.
    /// @dev The order leaves a hostile seat nothing to ask for that the others do not need, so nobody can use the demands up.
    function demandForCase(JobSpec calldata spec, Frozen calldata frozen, uint256 caseKey, uint256 position) external;

    /// @notice Answers an open demand. Anyone who has the bytes may call; the deposit of a client's demand is theirs.
    function answer(JobSpec calldata spec, Frozen calldata frozen, bytes32 key, Answer calldata data) external;

    /// @notice Ends a job whose provider did not answer in time: the client is repaid, the provider slashed. Anyone may call.
    function defaultDemand(JobSpec calldata spec, Frozen calldata frozen, bytes32 key) external;
}
