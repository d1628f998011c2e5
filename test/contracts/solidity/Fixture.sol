// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Market} from "../../../contracts/Market.sol";
import {BlocklistToken} from "../../../contracts/dev/BlocklistToken.sol";
import {TestCourt} from "../../../contracts/dev/TestCourt.sol";
import {Frozen, Job, JobSpec, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {Account} from "../../../contracts/interfaces/ILedger.sol";
import {IMarket} from "../../../contracts/interfaces/IMarket.sol";
import {MarketParameters} from "../../../contracts/interfaces/IParameters.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {ModelId} from "../../../contracts/types/ModelId.sol";
import {Digests} from "./Digests.sol";

import {vm} from "./Vm.sol";

/// @title Fixture
/// @notice A market with a court, and people with money in it.
abstract contract Fixture {
    uint64 internal constant ONE = 1e6;
    uint256 internal constant START = 1_750_000_000;
    address internal constant BURN_ACCOUNT = 0x000000000000000000000000000000000000dEaD;
    ModelId internal constant MODEL = ModelId.wrap(keccak256("model"));
    bytes32 internal constant ROOT = keccak256("root");
    address internal constant STRANGER = address(0x57A6E4);

    uint256 internal constant CLIENT_KEY = 0xC11E47;
    uint256 internal constant PROVIDER_KEY = 0x9401DE4;
    uint256 internal constant OPERATOR_KEY = 0x09E4A704;
    address internal immutable CLIENT = vm.addr(CLIENT_KEY);
    address internal immutable PROVIDER = vm.addr(PROVIDER_KEY);
    address internal immutable OPERATOR = vm.addr(OPERATOR_KEY);

    BlocklistToken internal token;
    TestCourt internal court;
    IMarket internal market;
    /// @dev The market's EIP-712 domain separator.
    bytes32 internal separator;
    uint256 private salts;

    function deploy() internal {
        vm.warp(START);
        token = new BlocklistToken();
        court = new TestCourt();
        market = new Market(token, address(court), parameters());
        court.serve(market);
        separator = Digests.domain("Touchstone Market", block.chainid, address(market));
    }

    /// @dev Client and provider with 1,000 tokens free each; the provider with 100 staked and an operator for ten days.
    function deployAndFund() internal {
        deploy();
        fund(CLIENT, 1_000 * ONE);
        fund(PROVIDER, 1_100 * ONE);
        vm.prank(PROVIDER);
        market.stake(100 * ONE);
        vm.prank(PROVIDER);
        market.setOperator(OPERATOR, uint40(START + 10 days));
    }

    function parameters() internal pure virtual returns (MarketParameters memory) {
        return
            MarketParameters({
                minStake: 25 * ONE,
                exposureShare: 2_000,
                feeShare: 200,
                noShowShare: 500,
                noShowFloor: 10_000,
                declineShare: 100,
                declineGrace: 5 minutes,
                unbondingPeriod: 72 hours,
                releaseDelay: 15 minutes,
                minChallengeWindow: 15 minutes,
                maxChallengeWindow: 4 hours,
                maxAcceptDelay: 30 days,
                maxSubmitWithin: 30 days
            });
    }

    function fund(address account, uint256 amount) internal {
        token.mint(account, amount);
        vm.prank(account);
        token.approve(address(market), type(uint256).max);
        vm.prank(account);
        market.deposit(account, amount);
    }

    /// @dev A direct job of ten tokens, to be accepted within an hour.
    function newSpec() internal returns (JobSpec memory spec) {
        spec.client = CLIENT;
        spec.provider = PROVIDER;
        spec.model = MODEL;
        spec.input = keccak256("input");
        spec.items = 8;
        spec.price = 10 * ONE;
        spec.acceptBy = uint40(vm.getBlockTimestamp() + 1 hours);
        spec.submitWithin = 2 hours;
        spec.challengeWindow = 30 minutes;
        spec.salt = bytes32(++salts);
    }

    function idOf(JobSpec memory spec) internal view returns (JobId) {
        return Digests.jobId(separator, spec);
    }

    /// @dev What accepting freezes. Sealed jobs are never audited.
    function freeze(JobSpec memory spec, address provider) internal view returns (Frozen memory frozen) {
        frozen.provider = provider;
        frozen.price = spec.price;
        frozen.submitWithin = spec.submitWithin;
        frozen.challengeWindow = spec.challengeWindow;
        frozen.verified = spec.flags == 0 && market.isVerified(spec.model);
    }

    function posted() internal returns (JobId id, JobSpec memory spec) {
        spec = newSpec();
        vm.prank(CLIENT);
        id = market.post(spec, "");
    }

    function accepted() internal returns (JobId id, JobSpec memory spec, Frozen memory frozen) {
        (id, spec) = posted();
        vm.prank(OPERATOR);
        market.accept(spec, PROVIDER);
        frozen = freeze(spec, PROVIDER);
    }

    function submitted() internal returns (JobId id, JobSpec memory spec, Frozen memory frozen) {
        (id, spec, frozen) = accepted();
        vm.prank(OPERATOR);
        market.submit(id, frozen, ROOT);
        frozen.resultRoot = ROOT;
        frozen.submitBlock = uint64(vm.getBlockNumber());
    }

    function accountOf(address account) internal view returns (Account memory) {
        return market.accountOf(account);
    }

    function later(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    /// @dev The call must succeed.
    function does(address caller, bytes memory call) internal returns (bytes memory answer) {
        bool done;
        vm.prank(caller);
        (done, answer) = address(market).call(call);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @dev The call must fail with exactly this error.
    function refuses(address caller, bytes memory call, bytes memory reason) internal {
        vm.prank(caller);
        (bool done, bytes memory answer) = address(market).call(call);
        vm.assertTrue(!done, "it was not refused");
        vm.assertEq(answer, reason, "refused for another reason");
    }

    function hasStatus(JobId id, JobStatus status) internal view {
        Job memory job = market.jobOf(id);
        vm.assertEq(uint256(job.status), uint256(status), "status");
    }

    function hasAccount(
        address account,
        uint256 balance,
        uint256 staked,
        uint256 exposure,
        uint256 fees
    ) internal view {
        Account memory a = market.accountOf(account);
        vm.assertEq(a.balance, balance, "balance");
        vm.assertEq(a.stake, staked, "stake");
        vm.assertEq(a.exposure, exposure, "exposure");
        vm.assertEq(a.fees, fees, "fees");
    }
}
