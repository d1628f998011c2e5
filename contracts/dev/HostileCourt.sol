// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Draw, ICourt} from "../interfaces/ICourt.sol";
import {Frozen} from "../interfaces/IJobs.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";

/// @title HostileCourt
/// @notice A court that calls back into the market while it evaluates a draw.
contract HostileCourt is ICourt {
    IMarket public market;
    bytes private _data;

    event CalledBack(bool success, bytes result);

    function serve(IMarket market_, ModelId model) external {
        market = market_;
        market_.setVerified(model, true);
    }

    function arm(bytes calldata data) external {
        _data = data;
    }

    /// @inheritdoc ICourt
    function evaluateDraw(JobId, Frozen calldata) external returns (Draw) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = address(market).call(_data);
        emit CalledBack(success, result);
        return Draw.NotDrawn;
    }
}
