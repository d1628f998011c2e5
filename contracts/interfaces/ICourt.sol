// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {Frozen} from "./IJobs.sol";

/// @notice What the draw says of a submitted job.
enum Draw {
    /// The block that decides is not there yet.
    Pending,
    NotDrawn,
    Drawn
}

/// @title ICourt
/// @notice What the market asks of its court.
interface ICourt {
    /// @notice Evaluates the random draw of a verified job. On `Drawn` the court has opened the case it tells of.
    /// @dev Called by the market alone, for a submitted job whose frozen values were checked. A job whose drawn case was
    /// judged is `NotDrawn` from then on.
    function evaluateDraw(JobId id, Frozen calldata frozen) external returns (Draw);
}
