// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {Frozen} from "./IJobs.sol";

/// @notice What the draw says of a submitted job.
enum Draw {
    /// The block that decides is not there yet.
    Pending,
    NotDrawn,
    /// A case has to judge it before it can be settled.
    Drawn
}

/// @title IDraws
/// @notice What the market asks of its court.
interface IDraws {
    /// @notice The random draw of a submitted, verified job; `NotDrawn` once its drawn case was closed.
    /// @param frozen The market has checked that they are the job's.
    function drawOf(JobId id, Frozen calldata frozen) external view returns (Draw);
}
