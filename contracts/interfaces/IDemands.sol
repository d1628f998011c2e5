// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {Frozen, JobSpec} from "./IJobs.sol";

/// @notice What the court keeps about a job.
struct Docket {
    /// Open cases, and one for an open demand: the payment is held while there are any.
    uint8 holds;
    /// Who demands data; zero if nobody does.
    address demander;
    /// The demand's deadline. Unix seconds.
    uint40 answerBy;
    uint32 item;
    /// 0: the request, the output and the first chunk of the trace. n: chunk n of the trace alone.
    uint8 chunk;
    /// The case of the seat that demands; zero for the client.
    bytes32 caseId;
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
    /// The chunk of the trace; empty where the trace is.
    bytes trace;
}

/// @title IDemands
/// @notice Data on demand: who may see an item and is not given it over the network demands it on chain.
interface IDemands {
    /// @notice Data is demanded: the provider answers before `answerBy` or loses its stake.
    event Demanded(JobId indexed job, address indexed demander, uint256 item, uint256 chunk, uint256 answerBy);

    /// @notice A demand was answered.
    event Answered(JobId indexed job, uint256 indexed item, uint256 indexed chunk, Answer answer);

    /// @notice A demand is open on this job already; wait for its answer.
    error DemandOpen(JobId job);

    /// @notice No demand is open on this job.
    error DemandNotOpen(JobId job);

    /// @notice The answer's time is over.
    error DemandTooLate(JobId job, uint256 answerBy);

    /// @notice The provider still has until `answerBy`.
    error DemandTooEarly(JobId job, uint256 answerBy);

    /// @notice The case is not about this item, or has had all its demands.
    error DemandNotAllowed(JobId job, uint256 item);

    /// @notice The bytes are not those behind the job.
    /// @param part request, output or trace.
    error DemandWrongAnswer(JobId job, string part);

    /// @notice Demands an item. Only the client, while the result can be challenged or a case is open; the deposit goes to whoever answers.
    function demand(JobSpec calldata spec, Frozen calldata frozen, uint32 item, uint8 chunk) external;

    /// @notice Demands an item of a case for the seat at `position`; its deposit is credited back with the answer.
    function demandForCase(
        JobSpec calldata spec,
        Frozen calldata frozen,
        uint256 key,
        uint256 position,
        uint32 item,
        uint8 chunk
    ) external;

    /// @notice Answers the open demand of a job. Anyone who has the bytes may call.
    function answer(JobSpec calldata spec, Frozen calldata frozen, Answer calldata data) external;

    /// @notice Ends a job whose provider did not answer in time: the client is repaid, the provider slashed. Anyone may call.
    function defaultDemand(JobSpec calldata spec, Frozen calldata frozen) external;

    /// @notice What the court keeps about a job.
    function docketOf(JobId id) external view returns (Docket memory);
}
