// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelTerms, Tolerances} from "../interfaces/ISeats.sol";
import {ModelId} from "../types/ModelId.sol";

/// @title ModelLib
/// @notice The hash that names a model. Mirrored by `protocol/model.ts`.
library ModelLib {
    /// @notice keccak256(abi.encode(manifest hash, backend class, hash of the tolerances, trace kind)).
    function modelId(ModelTerms calldata terms) internal pure returns (ModelId) {
        bytes32 tolerances = keccak256(abi.encode(terms.tolerances));
        bytes memory encoded = abi.encode(terms.manifestHash, terms.backendClass, tolerances, terms.traceKind);
        return ModelId.wrap(keccak256(encoded));
    }

    /// @notice Whether a panel can judge by them: each threshold lies above what honest seats differ by, and below the most
    /// that a lane can say.
    function areSound(Tolerances calldata t) internal pure returns (bool) {
        uint16 most = uint16(type(int16).max);
        bool isAbove = t.marginThreshold > t.marginTolerance && t.traceThreshold > t.traceTolerance;
        return isAbove && t.marginThreshold < most && t.traceThreshold < most && t.probeTolerance > 0;
    }
}
