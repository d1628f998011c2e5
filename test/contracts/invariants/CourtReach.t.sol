// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {vm} from "../solidity/Vm.sol";
import {CourtHandler} from "./CourtHandler.sol";

/// @notice As of the market: a few walks must come through every verdict, every action and its refusal.
contract CourtReachTest {
    uint256 private constant WALKS = 40;
    uint256 private constant STEPS = 200;
    string[2] private onesided = ["pass", "refresh panel"];
    string[20] private twosided = [
        "settle",
        "open drawn",
        "challenge",
        "seat panel",
        "commit",
        "reveal",
        "denounce",
        "appeal",
        "close",
        "demand",
        "demand for case",
        "answer",
        "default",
        "leave panel",
        "stake seat",
        "bring receipt",
        "prove double",
        "post bond",
        "ask bond back",
        "withdraw bond"
    ];
    string[3] private more = ["join panel", "withdraw seat", "claim"];
    string[25] private states = [
        "order",
        "sealed order",
        "unverified order",
        "pinned",
        "first tier",
        "second tier",
        "too small a panel",
        "dismissed",
        "escalated",
        "acquitted",
        "convicted",
        "convicted for a challenger",
        "withheld",
        "withheld from the client",
        "undecidable",
        "no quorum",
        "moot",
        "moot demand",
        "outliers",
        "contradicted",
        "claimed a part",
        "unverified",
        "fund pool",
        "forfeited",
        "nothing left"
    ];
    CourtHandler[] private walks;

    event Reached(string name, uint256 times);

    function test_walksComeThroughEveryVerdictActionAndRefusal() external {
        vm.pauseGasMetering();
        for (uint256 i = 0; i < WALKS; ++i) {
            walks.push(new CourtHandler());
            _walk(walks[i], i * STEPS);
            vm.assertEq(bytes(walks[i].breach()), "", "a breach");
        }
        for (uint256 i = 0; i < onesided.length; ++i) _isReached(onesided[i]);
        for (uint256 i = 0; i < states.length; ++i) _isReached(states[i]);
        for (uint256 i = 0; i < twosided.length + more.length; ++i) {
            string memory name = i < twosided.length ? twosided[i] : more[i - twosided.length];
            _isReached(name);
            _isReached(string.concat(name, " refused"));
        }
    }

    function _walk(CourtHandler handler, uint256 seed) private {
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
