// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Frozen, Job, JobSpec, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {Account} from "../../../contracts/interfaces/ILedger.sol";
import {MarketParameters} from "../../../contracts/interfaces/IParameters.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {Fixture} from "../solidity/Fixture.sol";
import {vm} from "../solidity/Vm.sol";

/// @notice What an action found broken.
enum Rule {
    /// A call went through that must not, or failed though it must not.
    Transitions,
    Flows,
    Losses,
    Captures,
    Signatures,
    Replays,
    Slashes,
    Unbonding,
    Exposure,
    Rounding,
    Withdrawals
}

/// @notice A job as the campaign remembers it.
struct Track {
    JobSpec spec;
    Frozen frozen;
    JobStatus status;
    uint256 since;
    /// What its posting took from all accounts together, and what its end gave them. Measured, not computed.
    uint256 inflow;
    uint256 outflow;
    uint256 payouts;
}

/// @notice One call to the market, with what the campaign expects of it.
struct Call {
    string name;
    address caller;
    bytes data;
    bool allowed;
    /// The rule that is broken if `allowed` is wrong.
    Rule rule;
    /// Who else than the caller may lose by it, and how much at most.
    address loser;
    uint256 loss;
}

/// @title Ghost
/// @notice The campaign's own memory of the market, and the booking of every call.
abstract contract Ghost is Fixture {
    uint256 internal constant ACTORS = 6;
    uint256 internal constant OPERATORS = 3;
    uint256 internal constant FUNDS = 10_000 * uint256(ONE);

    address[] public actors;
    address[] internal operators;
    /// @dev Deals with nobody but itself: it is the client and the provider of its jobs and awarded its own slashes.
    address public selfDealer;
    mapping(address account => uint256 privateKey) internal keyOf;

    JobId[] public ids;
    mapping(JobId id => Track) internal tracks;
    mapping(address account => uint256) public cameIn;
    mapping(address account => uint256) public wentOut;
    uint256 public donated;
    uint256 public given;
    uint256 public slashed;
    uint256 public burned;
    uint256 public awarded;

    mapping(Rule rule => string) public breachOf;
    mapping(string name => uint256) public reached;
    /// @dev What every actor had in the market after the last call, and the uncollected fees of all.
    uint256[ACTORS] private worths;
    uint256 private fees;
    /// @dev The dearest call that handles a fixed number of things.
    uint256 public dearest;

    constructor() {
        deploy();
        for (uint256 i = 0; i < ACTORS + OPERATORS; ++i) {
            address account = vm.addr(0xA11CE + i);
            keyOf[account] = 0xA11CE + i;
            (i < ACTORS ? actors : operators).push(account);
        }
        selfDealer = actors[ACTORS - 1];
        for (uint256 i = 0; i < ACTORS; ++i) {
            _enter(actors[i]);
            worths[i] = FUNDS;
        }
    }

    /// @notice How many jobs were posted.
    function jobs() external view returns (uint256) {
        return ids.length;
    }

    /// @notice What is remembered of a job.
    function trackOf(JobId id) external view returns (Track memory) {
        return tracks[id];
    }

    /// @notice The sum of the prices of a provider's accepted, unsettled jobs.
    function exposureOf(address provider) public view returns (uint256 sum) {
        for (uint256 i = 0; i < ids.length; ++i) {
            Track storage t = tracks[ids[i]];
            bool carried = t.status >= JobStatus.Accepted && t.status <= JobStatus.InCase;
            if (carried && t.frozen.provider == provider) sum += t.spec.price;
        }
    }

    /// @notice All that an account has in the market, but for the escrows of its jobs.
    function worthOf(address account) external view returns (uint256 worth) {
        (worth, ) = _standingOf(account);
    }

    /// @dev Makes the call and books it; `moved` is how much more all accounts and their fees are worth now.
    function _perform(Call memory c) internal returns (bool done, int256 moved) {
        vm.prank(c.caller);
        uint256 gas = gasleft();
        (done, ) = address(market).call(c.data);
        gas -= gasleft();
        if (gas > dearest) dearest = gas;
        _reach(done ? c.name : string.concat(c.name, " refused"));
        _holds(c.rule, done == c.allowed, c.name);
        uint256 feesNow = 0;
        for (uint256 i = 0; i < ACTORS; ++i) {
            address actor = actors[i];
            (uint256 worth, uint256 due) = _standingOf(actor);
            moved += int256(worth) - int256(worths[i]);
            uint256 loss = worth < worths[i] ? worths[i] - worth : 0;
            bool mayLose = actor == c.caller || (actor == c.loser && loss <= c.loss);
            _holds(Rule.Losses, loss == 0 || mayLose, c.name);
            worths[i] = worth;
            feesNow += due;
        }
        moved += int256(feesNow) - int256(fees);
        fees = feesNow;
    }

    /// @dev A job came about by this call.
    function _begins(JobId id, JobSpec memory spec, JobStatus status, int256 moved) internal {
        Track storage t = tracks[id];
        _holds(Rule.Transitions, t.status == JobStatus.None, "an id was posted twice");
        ids.push(id);
        t.spec = spec;
        t.status = status;
        t.since = vm.getBlockTimestamp();
        t.inflow = uint256(-moved);
    }

    /// @dev A job went on; `moved` is what its end paid out.
    function _goesOn(JobId id, JobStatus to, int256 moved) internal {
        Track storage t = tracks[id];
        _holds(Rule.Transitions, _isListed(t.status, to), "a transition that is not listed");
        bool held = to == JobStatus.InCase || t.status == JobStatus.InCase;
        if (!held) t.since = vm.getBlockTimestamp();
        t.status = to;
        t.outflow = uint256(int256(t.outflow) + moved);
        if (to > JobStatus.InCase) t.payouts += 1;
        _reach(_nameOf(to));
    }

    function _holds(Rule rule, bool kept, string memory where) internal {
        if (!kept && bytes(breachOf[rule]).length == 0) breachOf[rule] = where;
    }

    function _reach(string memory name) internal {
        reached[name] += 1;
    }

    function _least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _nameOf(JobStatus status) internal pure returns (string memory) {
        string[8] memory names;
        names = [
            "none",
            "open",
            "is accepted",
            "is submitted",
            "is in case",
            "is settled",
            "is refunded",
            "is rejected"
        ];
        return names[uint256(status)];
    }

    /// @dev The picture of the protocol's document.
    function _isListed(JobStatus from, JobStatus to) private pure returns (bool) {
        if (from == JobStatus.Open) return to == JobStatus.Accepted || to == JobStatus.Refunded;
        if (from == JobStatus.Accepted) return to == JobStatus.Submitted || to == JobStatus.Refunded;
        if (from == JobStatus.Submitted) return to == JobStatus.InCase || to == JobStatus.Settled;
        return from == JobStatus.InCase && (to == JobStatus.Submitted || to == JobStatus.Rejected);
    }

    /// @dev Every actor comes with money in its pockets and in the market; half of it staked, a tenth reserved.
    function _enter(address account) private {
        token.mint(account, FUNDS);
        fund(account, FUNDS);
        cameIn[account] = FUNDS;
        vm.prank(account);
        token.approve(address(market), 0);
        vm.prank(account);
        market.stake(FUNDS / 2);
        vm.prank(account);
        market.reserve(FUNDS / 10);
    }

    /// @dev Shares that divide nothing, so that every rounding shows.
    function parameters() internal pure override returns (MarketParameters memory p) {
        p = super.parameters();
        (p.exposureShare, p.feeShare, p.noShowShare, p.declineShare) = (1_903, 211, 509, 103);
    }

    function _standingOf(address account) private view returns (uint256 worth, uint256 due) {
        Account memory a = market.accountOf(account);
        worth = uint256(a.balance) + a.stake + market.reserveOf(account).amount + market.unbondingOf(account).amount;
        due = a.fees;
    }
}
