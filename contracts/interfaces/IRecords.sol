// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";
import {Case} from "./ICaseNotices.sol";
import {Demand} from "./IDemands.sol";

/// @title IRecords
/// @notice What the court keeps about cases and jobs.
interface IRecords {
    /// @notice A case by its id.
    function caseOf(bytes32 caseId) external view returns (Case memory);

    /// @notice Numbers of the seats by position, zero where nobody sits.
    function seatsOf(bytes32 caseId) external view returns (uint32[12] memory);

    /// @notice What a position committed to; its word once it was revealed; zero once the case is closed.
    function wordAt(bytes32 caseId, uint256 position) external view returns (bytes32);

    /// @notice How many open cases and demands hold a job's payment.
    function holdsOf(JobId id) external view returns (uint256);

    /// @notice An open demand by its key; zeros if there is none.
    function demandOf(bytes32 key) external view returns (Demand memory);
}
