// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestToken} from "./TestToken.sol";

/// @title BlocklistToken
/// @notice Refuses transfers to and from blocked accounts, or all of them while it is paused, as USDC can.
contract BlocklistToken is TestToken {
    bool public paused;
    mapping(address account => bool) public blocked;

    error TransfersPaused();
    error AccountBlocked(address account);

    function setPaused(bool paused_) external {
        paused = paused_;
    }

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!paused, TransfersPaused());
        require(!blocked[from], AccountBlocked(from));
        require(!blocked[to], AccountBlocked(to));
        super._update(from, to, value);
    }
}
