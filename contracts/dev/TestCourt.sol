// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Draw, ICourt} from "../interfaces/ICourt.sol";
import {Frozen, Outcome, JobSpec} from "../interfaces/IJobs.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {Award} from "../interfaces/IStaking.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";

/// @title TestCourt
/// @notice A court that does what it is told, to test the seams between market and court.
contract TestCourt is ICourt {
    IMarket public market;
    Draw public answer = Draw.NotDrawn;

    event DrawEvaluated(JobId indexed id, address provider);

    function serve(IMarket market_) external {
        market = market_;
    }

    function setAnswer(Draw answer_) external {
        answer = answer_;
    }

    /// @inheritdoc ICourt
    function evaluateDraw(JobId id, Frozen calldata frozen) external returns (Draw) {
        emit DrawEvaluated(id, frozen.provider);
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
}
