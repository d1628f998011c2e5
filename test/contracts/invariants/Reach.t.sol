// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {vm} from "../solidity/Vm.sol";
import {MarketHandler} from "./MarketHandler.sol";

/// @notice A campaign proves nothing of states that it never reaches: a few walks must come through all of them.
contract ReachTest {
    uint256 private constant WALKS = 24;
    uint256 private constant STEPS = 100;
    /// @dev Actions that always go through, or never may.
    string[3] private onesided = ["collect fees", "settle many", "pass"];
    string[2] private forbidden = ["usurp refused", "replay refused"];
    string[28] private twosided = [
        "deposit",
        "permit",
        "authorization",
        "withdraw",
        "reserve",
        "request release",
        "release",
        "fund pool",
        "stake",
        "request unstake",
        "withdraw stake",
        "set operator",
        "update provider",
        "slash",
        "post",
        "post many",
        "accept",
        "decline",
        "decline late",
        "submit",
        "settle",
        "cancel",
        "expire open",
        "expire accepted",
        "quote",
        "order",
        "lock",
        "unlock"
    ];
    string[6] private states = [
        "is accepted",
        "is submitted",
        "is in case",
        "is settled",
        "is refunded",
        "is rejected"
    ];
    MarketHandler[] private walks;

    event Reached(string name, uint256 times);

    function test_walksComeThroughEveryActionRefusalAndState() external {
        vm.pauseGasMetering();
        for (uint256 i = 0; i < WALKS; ++i) {
            walks.push(new MarketHandler());
            _walk(walks[i], i * STEPS);
        }
        for (uint256 i = 0; i < onesided.length; ++i) _isReached(onesided[i]);
        for (uint256 i = 0; i < forbidden.length; ++i) _isReached(forbidden[i]);
        for (uint256 i = 0; i < states.length; ++i) _isReached(states[i]);
        for (uint256 i = 0; i < twosided.length; ++i) {
            _isReached(twosided[i]);
            _isReached(string.concat(twosided[i], " refused"));
        }
    }

    function _walk(MarketHandler handler, uint256 seed) private {
        bytes4[] memory actions = handler.actions();
        for (uint256 i = seed; i < seed + STEPS; ++i) {
            bytes4 action = actions[uint256(keccak256(abi.encode(i))) % actions.length];
            (bool done, ) = address(handler).call(abi.encodeWithSelector(action, i));
            vm.assertTrue(done, "an action failed by itself");
        }
    }

    function _isReached(string memory name) private {
        uint256 times = 0;
        for (uint256 i = 0; i < walks.length; ++i) {
            times += walks[i].reached(name);
        }
        emit Reached(name, times);
        vm.assertGt(times, 0, name);
    }
}
