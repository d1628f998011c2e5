// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case} from "../interfaces/ICaseNotices.sol";
import {Demand} from "../interfaces/IDemands.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {JobId} from "../types/JobId.sol";
import {Dockets} from "./Dockets.sol";

/// @title Records
/// @notice What the court keeps, to be read.
abstract contract Records is IRecords, Dockets {
    /// @inheritdoc IRecords
    function caseOf(bytes32 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @inheritdoc IRecords
    function seatsOf(bytes32 caseId) external view returns (uint32[12] memory seats) {
        uint256 packed = _packedSeats[caseId];
        for (uint256 i = 0; i < seats.length; ++i) seats[i] = CaseLib.seatAt(packed, i);
    }

    /// @inheritdoc IRecords
    function wordAt(bytes32 caseId, uint256 position) external view returns (bytes32) {
        return _words[caseId][position];
    }

    /// @inheritdoc IRecords
    function holdsOf(JobId id) external view returns (uint256) {
        return _holds[id];
    }

    /// @inheritdoc IRecords
    function demandOf(bytes32 key) external view returns (Demand memory) {
        return _demands[key];
    }
}
