// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Draw} from "../interfaces/IDraws.sol";
import {Frozen} from "../interfaces/IJobs.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";

/// @title HostileCourt
/// @notice A court that, asked for a draw, calls back into the market or writes down that it was asked. It does not say that it
/// is an `IDraws`, for that function may not write.
contract HostileCourt {
    IMarket public market;
    uint256 public asked;
    bytes private _data;

    function serve(IMarket market_, ModelId model) external {
        market = market_;
        market_.setVerified(model, true);
    }

    /// @param data A call to the market; none to have it write.
    function arm(bytes calldata data) external {
        _data = data;
    }

    function drawOf(JobId, Frozen calldata) external returns (Draw) {
        bytes memory data = _data;
        if (data.length == 0) {
            ++asked;
            return Draw.NotDrawn;
        }
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = address(market).call{gas: gasleft() / 2}(data);
        return success ? Draw.Pending : Draw.NotDrawn;
    }
}
