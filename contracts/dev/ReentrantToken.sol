// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestToken} from "./TestToken.sol";

/// @title ReentrantToken
/// @notice Calls out in the middle of the next transfer, as tokens with hooks do.
contract ReentrantToken is TestToken {
    address private _target;
    bytes private _data;

    event CalledOut(bool success, bytes result);

    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function _update(address from, address to, uint256 value) internal override {
        address target = _target;
        if (target != address(0)) {
            _target = address(0);
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, bytes memory result) = target.call(_data);
            emit CalledOut(success, result);
        }
        super._update(from, to, value);
    }
}
