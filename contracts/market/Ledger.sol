// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IERC3009} from "../interfaces/IERC3009.sol";
import {ILedger, Account, Reserve} from "../interfaces/ILedger.sol";
import {DeadlineLib} from "../libraries/DeadlineLib.sol";
import {Parameters} from "./Parameters.sol";

/// @title Ledger
/// @notice Tokens cross this room and no other: the rest of the market moves internal balances only.
abstract contract Ledger is ILedger, Parameters, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using DeadlineLib for uint256;

    mapping(address account => Account) internal _accounts;
    mapping(address account => Reserve) private _reserves;
    uint256 internal _pool;

    /// @inheritdoc ILedger
    function deposit(address beneficiary, uint256 amount) external nonReentrant {
        _pull(beneficiary, amount);
    }

    /// @inheritdoc ILedger
    function depositWithPermit(
        address beneficiary,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        try IERC20Permit(address(TOKEN)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _pull(beneficiary, amount);
    }

    /// @inheritdoc ILedger
    function depositWithAuthorization(
        address from,
        address beneficiary,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external nonReentrant {
        uint256 before = TOKEN.balanceOf(address(this));
        IERC3009(address(TOKEN)).receiveWithAuthorization(
            from,
            address(this),
            amount,
            validAfter,
            validBefore,
            authorizationNonce(beneficiary, salt),
            signature
        );
        _creditReceived(from, beneficiary, amount, before);
    }

    /// @inheritdoc ILedger
    function withdraw(address to, uint256 amount) external nonReentrant {
        require(to != address(this) && to != address(0), LedgerInvalidRecipient(to));
        require(amount > 0, LedgerZeroAmount());

        _debit(msg.sender, amount);

        emit Withdrawn(msg.sender, to, amount);

        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc ILedger
    function reserve(uint256 amount) external {
        require(amount > 0, LedgerZeroAmount());

        _debit(msg.sender, amount);
        _reserves[msg.sender].amount += amount.toUint64();

        emit Reserved(msg.sender, amount);
    }

    /// @inheritdoc ILedger
    function requestRelease(uint256 amount) external {
        require(amount > 0, LedgerZeroAmount());
        Reserve storage bucket = _reserves[msg.sender];
        uint256 leaving = bucket.leaving + amount;
        require(leaving <= bucket.amount, LedgerInsufficientReserve(msg.sender, bucket.amount, leaving));
        uint256 releasableAt = block.timestamp + RELEASE_DELAY;

        bucket.leaving = leaving.toUint64();
        bucket.releasableAt = uint40(releasableAt);

        emit ReleaseRequested(msg.sender, leaving, releasableAt);
    }

    /// @inheritdoc ILedger
    function release(address account) external {
        Reserve storage bucket = _reserves[account];
        uint64 amount = bucket.leaving;
        uint256 releasableAt = bucket.releasableAt;
        require(amount > 0 && releasableAt.hasPassed(), LedgerNotReleasable(account, amount, releasableAt));

        bucket.amount -= amount;
        bucket.leaving = 0;
        _credit(account, amount);

        emit Released(account, amount);
    }

    /// @inheritdoc ILedger
    function fundPool(uint256 amount) external {
        require(amount > 0, LedgerZeroAmount());

        _debit(msg.sender, amount);
        _pool += amount;

        emit PoolFunded(msg.sender, amount);
    }

    /// @inheritdoc ILedger
    function collectFees(address[] calldata providers) external {
        uint256 collected = 0;
        for (uint256 i = 0; i < providers.length; ++i) {
            Account storage a = _accounts[providers[i]];
            uint256 fees = a.fees;
            a.fees = 0;
            collected += fees;
            emit FeesCollected(providers[i], fees);
        }
        _pool += collected;
    }

    /// @inheritdoc ILedger
    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    /// @inheritdoc ILedger
    function reserveOf(address account) external view returns (Reserve memory) {
        return _reserves[account];
    }

    /// @inheritdoc ILedger
    function pool() external view returns (uint256) {
        return _pool;
    }

    /// @inheritdoc ILedger
    function authorizationNonce(address beneficiary, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(beneficiary, salt));
    }

    function _credit(address account, uint256 amount) internal {
        Account storage a = _accounts[account];
        a.balance = (a.balance + amount).toUint64();
    }

    function _debit(address account, uint256 amount) internal {
        Account storage a = _accounts[account];
        uint256 balance = a.balance;
        require(amount <= balance, LedgerInsufficientBalance(account, balance, amount));
        unchecked {
            a.balance = uint64(balance - amount);
        }
    }

    /// @dev An order may draw on what is leaving; what leaves never exceeds what is there.
    function _debitReserve(address account, uint256 amount) internal {
        Reserve storage bucket = _reserves[account];
        uint256 reserved = bucket.amount;
        require(amount <= reserved, LedgerInsufficientReserve(account, reserved, amount));
        uint256 rest = reserved - amount;

        bucket.amount = uint64(rest);
        bucket.leaving = uint64(Math.min(bucket.leaving, rest));

        emit ReserveSpent(account, amount);
    }

    function _pull(address beneficiary, uint256 amount) private {
        uint256 before = TOKEN.balanceOf(address(this));
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        _creditReceived(msg.sender, beneficiary, amount, before);
    }

    function _creditReceived(address from, address beneficiary, uint256 amount, uint256 before) private {
        require(amount > 0, LedgerZeroAmount());
        require(beneficiary != address(0), LedgerInvalidRecipient(beneficiary));
        uint256 received = TOKEN.balanceOf(address(this)) - before;
        require(received == amount, LedgerTransferMismatch(amount, received));

        _credit(beneficiary, amount);

        emit Deposited(from, beneficiary, amount);
    }
}
