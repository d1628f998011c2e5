// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Account} from "../interfaces/ILedger.sol";
import {IStaking, Unbonding, OperatorKey, Award} from "../interfaces/IStaking.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {FeeLib} from "../libraries/FeeLib.sol";
import {ModelId} from "../types/ModelId.sol";
import {Ledger} from "./Ledger.sol";

/// @title Staking
/// @notice One pooled stake a provider answers with, and the exposure it carries.
abstract contract Staking is IStaking, Ledger {
    using SafeCast for uint256;
    using DeadlineLib for uint256;

    /// @dev Where burned stake goes: an account without a key. No token call can then stand in a slash's way.
    address internal constant BURN_ACCOUNT = 0x000000000000000000000000000000000000dEaD;

    mapping(address provider => Unbonding) private _unbondings;
    mapping(address provider => mapping(address operator => OperatorKey)) private _operatorKeys;
    mapping(ModelId model => bool) private _verifiedModels;

    modifier onlyCourt() {
        require(msg.sender == COURT, StakingNotCourt(msg.sender));
        _;
    }

    modifier onlyOperatorOf(address provider) {
        require(isOperator(provider, msg.sender), StakingNotOperator(provider, msg.sender));
        _;
    }

    /// @inheritdoc IStaking
    function stake(uint256 amount) external {
        require(amount > 0, StakingZeroAmount());

        _debit(msg.sender, amount);
        Account storage a = _accounts[msg.sender];
        a.stake = (a.stake + amount).toUint64();

        emit Staked(msg.sender, amount);
    }

    /// @inheritdoc IStaking
    function requestUnstake(uint256 amount) external {
        require(amount > 0, StakingZeroAmount());
        Account storage a = _accounts[msg.sender];
        Unbonding storage u = _unbondings[msg.sender];
        // Whoever has jobs under way keeps what a conviction takes.
        uint256 bound =
            a.exposure == 0
                ? 0
                : Math.max(MIN_STAKE, Math.ceilDiv(uint256(a.exposure) * FeeLib.BASIS_POINTS, EXPOSURE_SHARE));
        uint256 available = Math.saturatingSub(a.stake, bound);
        require(amount <= available, StakingInsufficientStake(msg.sender, available, amount));
        uint256 withdrawableAt = block.timestamp + UNBONDING_PERIOD;

        a.stake -= uint64(amount);
        u.amount = (u.amount + amount).toUint64();
        u.withdrawableAt = uint40(withdrawableAt);

        emit UnstakeRequested(msg.sender, u.amount, withdrawableAt);
    }

    /// @inheritdoc IStaking
    function withdrawStake(address provider) external {
        Unbonding memory u = _unbondings[provider];
        bool due = uint256(u.withdrawableAt).hasPassed();
        require(u.amount > 0 && due, StakingNotWithdrawable(provider, u.amount, u.withdrawableAt));

        delete _unbondings[provider];
        _credit(provider, u.amount);

        emit StakeWithdrawn(provider, u.amount);
    }

    /// @inheritdoc IStaking
    function setOperator(address operator, uint40 validUntil) external {
        require(operator != address(0) && operator != msg.sender, StakingInvalidOperator(operator));
        OperatorKey storage key = _operatorKeys[msg.sender][operator];
        uint40 timestamp = uint40(block.timestamp);
        if (key.validFrom == 0) {
            require(uint256(validUntil).isAhead(), StakingInvalidInterval(validUntil, timestamp));
            key.validFrom = timestamp;
        } else {
            bool valid = uint256(key.validUntil).isAhead();
            require(valid, StakingOperatorKeyEnded(msg.sender, operator, key.validUntil));
            if (validUntil < timestamp) validUntil = timestamp;
        }
        key.validUntil = validUntil;

        emit OperatorSet(msg.sender, operator, key.validFrom, validUntil);
    }

    /// @inheritdoc IStaking
    function updateProvider(address provider, string calldata uri) external onlyOperatorOf(provider) {
        emit ProviderUpdated(provider, msg.sender, uri);
    }

    /// @inheritdoc IStaking
    function slash(
        address provider,
        uint256 amount,
        Award[] calldata awards
    ) external onlyCourt returns (uint256 taken) {
        taken = _takeStake(provider, amount);
        uint256 awarded = 0;
        for (uint256 i = 0; i < awards.length; ++i) {
            awarded += awards[i].amount;
            _credit(awards[i].recipient, awards[i].amount);
            emit Awarded(awards[i].recipient, provider, awards[i].amount);
        }
        require(awarded <= taken / 2, StakingAwardsTooHigh(awarded, taken));
        _credit(BURN_ACCOUNT, taken - awarded);

        emit Slashed(provider, taken, taken - awarded);
    }

    /// @inheritdoc IStaking
    function setVerified(ModelId model, bool verified) external onlyCourt {
        _verifiedModels[model] = verified;

        emit ModelVerified(model, verified);
    }

    /// @inheritdoc IStaking
    function operatorKey(address provider, address operator) external view returns (OperatorKey memory) {
        return _operatorKeys[provider][operator];
    }

    /// @inheritdoc IStaking
    function unbondingOf(address provider) external view returns (Unbonding memory) {
        return _unbondings[provider];
    }

    /// @inheritdoc IStaking
    function capacityOf(address provider) external view returns (uint256) {
        Account memory a = _accounts[provider];
        if (a.stake < MIN_STAKE) return 0;
        return Math.saturatingSub(_exposureCap(a.stake), a.exposure);
    }

    /// @inheritdoc IStaking
    function isVerified(ModelId model) public view returns (bool) {
        return COURT != address(0) && _verifiedModels[model];
    }

    /// @inheritdoc IStaking
    function isOperator(address provider, address caller) public view returns (bool) {
        if (caller == provider) return true;
        OperatorKey storage key = _operatorKeys[provider][caller];
        return uint256(key.validUntil).isAhead();
    }

    /// @dev Takes on the risk of one more job.
    function _expose(address provider, uint256 price) internal {
        Account storage a = _accounts[provider];
        uint256 staked = a.stake;
        require(staked >= MIN_STAKE, StakingBelowMinimum(provider, staked, MIN_STAKE));
        uint256 exposure = a.exposure + price;
        uint256 cap = _exposureCap(staked);
        require(exposure <= cap, StakingExposureExceeded(provider, exposure, cap));

        // the cap is below the stake, which has the same width
        a.exposure = uint64(exposure);
    }

    /// @dev Ends the risk of one job and shares out its price, in one write: to the provider, and as a fee.
    function _unexpose(address provider, uint64 price, uint64 paid, uint64 fee) internal {
        Account memory a = _accounts[provider];
        a.exposure -= price;
        a.balance += paid;
        a.fees += fee;
        _accounts[provider] = a;
    }

    /// @dev Takes up to `amount` of a provider's stake for a duty it failed: a fifth goes to `recipient`, the rest to the pool. So
    /// nobody moves stake to an accomplice by failing again and again.
    function _penalise(address provider, uint256 amount, address recipient) internal returns (uint256 paid) {
        uint256 taken = _takeStake(provider, amount);
        paid = taken / 5;
        _credit(recipient, paid);
        _pool += taken - paid;

        emit Slashed(provider, taken, 0);
        emit PenaltyPooled(provider, taken - paid);
    }

    function _takeStake(address provider, uint256 amount) private returns (uint256 taken) {
        Account storage a = _accounts[provider];
        Unbonding storage u = _unbondings[provider];
        uint256 fromStake = Math.min(amount, a.stake);
        uint256 fromUnbonding = Math.min(amount - fromStake, u.amount);

        a.stake -= uint64(fromStake);
        u.amount -= uint64(fromUnbonding);
        return fromStake + fromUnbonding;
    }

    function _exposureCap(uint256 staked) private view returns (uint256) {
        return FeeLib.shareDown(staked, EXPOSURE_SHARE);
    }
}
