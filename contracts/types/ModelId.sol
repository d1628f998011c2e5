// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice Names one model: the hash of its manifest hash, backend class, tolerances and trace kind.
/// @dev Tolerances live in the id, so no party to a job chooses them.
type ModelId is bytes32;
