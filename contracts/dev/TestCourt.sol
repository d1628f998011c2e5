// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Draw, IDraws} from "../interfaces/IDraws.sol";
import {Frozen, Outcome, JobSpec} from "../interfaces/IJobs.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {Award} from "../interfaces/IStaking.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";

/// @title TestCourt
/// @notice A court that does what it is told, to test the seams between market and court.
contract TestCourt is IDraws {
    IMarket public market;
    Draw public answer = Draw.NotDrawn;

    function serve(IMarket market_) external {
        market = market_;
    }

    function setAnswer(Draw answer_) external {
        answer = answer_;
    }

    /// @inheritdoc IDraws
    function drawOf(JobId, Frozen calldata) external view returns (Draw) {
        return answer;
    }

    function setVerified(ModelId model, bool verified) external {
        market.setVerified(model, verified);
    }

    function lockJob(JobId id, Frozen calldata frozen) external {
        market.lockJob(id, frozen);
    }

    function releaseJob(JobId id, Frozen calldata frozen) external {
        market.releaseJob(id, frozen);
    }

    function rejectJob(JobSpec calldata spec, Frozen calldata frozen, Outcome outcome) external {
        market.rejectJob(spec, frozen, outcome);
    }

    function slash(address provider, uint256 amount, Award[] calldata awards) external returns (uint256) {
        return market.slash(provider, amount, awards);
    }

    function collect(address from, uint256 amount) external {
        market.collect(from, amount);
    }

    function pay(address to, uint256 amount) external {
        market.pay(to, amount);
    }

    function payFromPool(address to, uint256 amount) external returns (uint256) {
        return market.payFromPool(to, amount);
    }

    function encumber(address provider, uint256 amount) external {
        market.encumber(provider, amount);
    }

    function disencumber(address provider, uint256 amount) external {
        market.disencumber(provider, amount);
    }
}
