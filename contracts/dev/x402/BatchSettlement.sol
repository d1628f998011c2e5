// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ChannelConfig, ChannelLib, VoucherClaim} from "./ChannelLib.sol";
import {IDepositCollector} from "./IDepositCollector.sol";

/// @title BatchSettlement
/// @notice Stands in, on development chains, for x402's payment channels at 0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003:
/// the same ABI, digests and rules (npm package x402/evm 2.27). A payer deposits into a channel and signs vouchers, each
/// for more than the one before; the receiver claims by the last of them and sweeps what it claimed of all channels.
/// @dev No constructor and no immutables: the code may be placed at the canonical address instead of deployed there.
contract BatchSettlement is Multicall, ReentrancyGuardTransient {
    using ChannelLib for ChannelConfig;
    using SafeERC20 for IERC20;

    /// @notice All that was ever paid into a channel less what went back, and what of it is the receiver's.
    struct Channel {
        uint128 balance;
        uint128 totalClaimed;
    }

    /// @notice A withdrawal that the payer announced; `initiatedAt` is zero where there is none. Unix seconds.
    struct PendingWithdrawal {
        uint128 amount;
        uint40 initiatedAt;
    }

    /// @notice What a receiver claimed of one token in all channels, and what of it was sent.
    struct Receiver {
        uint128 totalClaimed;
        uint128 totalSettled;
    }

    uint40 public constant MIN_WITHDRAW_DELAY = 15 minutes;
    uint40 public constant MAX_WITHDRAW_DELAY = 30 days;
    bytes32 public constant CHANNEL_CONFIG_TYPEHASH = ChannelLib.CHANNEL_CONFIG_TYPEHASH;

    mapping(bytes32 channelId => Channel) public channels;
    mapping(bytes32 channelId => PendingWithdrawal) public pendingWithdrawals;
    /// @notice How many refunds a channel had: the nonce of the next signed one.
    mapping(bytes32 channelId => uint256) public refundNonce;
    mapping(address receiver => mapping(address token => Receiver)) public receivers;

    event ChannelCreated(bytes32 indexed channelId, ChannelConfig config);
    event ChannelClosed(bytes32 indexed channelId, ChannelConfig config);
    event Deposited(bytes32 indexed channelId, address indexed sender, uint128 amount, uint128 newBalance);
    event Claimed(bytes32 indexed channelId, address indexed sender, uint128 claimAmount, uint128 newTotalClaimed);
    event Settled(address indexed receiver, address indexed token, address indexed sender, uint128 amount);
    event Refunded(bytes32 indexed channelId, address indexed sender, uint128 amount);
    event WithdrawInitiated(bytes32 indexed channelId, uint128 amount, uint40 finalizeAfter);
    event WithdrawFinalized(bytes32 indexed channelId, address indexed sender, uint128 amount);

    error InvalidChannel();
    error WithdrawDelayOutOfRange();
    error ZeroDeposit();
    error InvalidCollector();
    error DepositOverflow();
    error DepositCollectionFailed();
    error EmptyBatch();
    error NotAuthorizedToClaim();
    error NotReceiverAuthorizer();
    error ClaimExceedsCeiling();
    error ClaimExceedsBalance();
    error InvalidSignature();
    error NothingToWithdraw();
    error WithdrawalAlreadyPending();
    error WithdrawAmountExceedsAvailable();
    error NotAuthorizedToFinalizeWithdraw();
    error WithdrawalNotPending();
    error WithdrawDelayNotElapsed();
    error NotAuthorizedToRefund();
    error InvalidRefundNonce();
    error ZeroRefund();

    /// @notice Adds to a channel what a collector fetches from its payer. Anyone may bring the payer's authorization.
    function deposit(
        ChannelConfig calldata config,
        uint128 amount,
        address collector,
        bytes calldata collectorData
    ) external nonReentrant {
        _checkConfig(config);
        require(amount != 0, ZeroDeposit());
        require(collector != address(0), InvalidCollector());

        bytes32 channelId = config.idOf();
        Channel storage channel = channels[channelId];
        require(amount <= type(uint128).max - channel.balance, DepositOverflow());
        channel.balance += amount;

        IERC20 token = IERC20(config.token);
        uint256 before = token.balanceOf(address(this));
        IDepositCollector(collector).collect(config.payer, config.token, amount, channelId, collectorData);
        require(token.balanceOf(address(this)) == before + amount, DepositCollectionFailed());

        if (channel.balance == amount) emit ChannelCreated(channelId, config);
        emit Deposited(channelId, msg.sender, amount, channel.balance);
    }

    /// @notice Claims by vouchers, as the receiver of them all or its authorizer.
    function claim(VoucherClaim[] calldata voucherClaims) external nonReentrant {
        require(voucherClaims.length != 0, EmptyBatch());
        for (uint256 i = 0; i < voucherClaims.length; ++i) {
            require(_isReceiverSide(voucherClaims[i].voucher.channel), NotAuthorizedToClaim());
            _claim(voucherClaims[i]);
        }
    }

    /// @notice Claims by vouchers for receivers whose common authorizer signed the batch. Anyone may bring it.
    function claimWithSignature(
        VoucherClaim[] calldata voucherClaims,
        bytes calldata authorizerSignature
    ) external nonReentrant {
        require(voucherClaims.length != 0, EmptyBatch());
        address authorizer = voucherClaims[0].voucher.channel.receiverAuthorizer;
        _checkSignature(authorizer, ChannelLib.claimBatchDigest(voucherClaims), authorizerSignature);
        for (uint256 i = 0; i < voucherClaims.length; ++i) {
            require(voucherClaims[i].voucher.channel.receiverAuthorizer == authorizer, NotReceiverAuthorizer());
            _claim(voucherClaims[i]);
        }
    }

    /// @notice Sends a receiver what it claimed and has not got yet.
    function settle(address receiver, address token) external nonReentrant {
        Receiver storage account = receivers[receiver][token];
        uint128 amount = account.totalClaimed - account.totalSettled;
        if (amount == 0) return;
        account.totalSettled = account.totalClaimed;
        IERC20(token).safeTransfer(receiver, amount);
        emit Settled(receiver, token, msg.sender, amount);
    }

    /// @notice The payer announces that it takes back what nobody claims until the channel's delay is over.
    function initiateWithdraw(ChannelConfig calldata config, uint128 amount) external nonReentrant {
        require(_isPayerSide(config), InvalidChannel());
        require(amount != 0, NothingToWithdraw());
        bytes32 channelId = config.idOf();
        PendingWithdrawal storage pending = pendingWithdrawals[channelId];
        require(pending.initiatedAt == 0, WithdrawalAlreadyPending());
        require(amount <= _available(channels[channelId]), WithdrawAmountExceedsAvailable());

        pending.amount = amount;
        pending.initiatedAt = uint40(block.timestamp);
        emit WithdrawInitiated(channelId, amount, uint40(block.timestamp) + config.withdrawDelay);
    }

    /// @notice The payer takes back what it announced, or what claims left of it.
    function finalizeWithdraw(ChannelConfig calldata config) external nonReentrant {
        require(_isPayerSide(config), NotAuthorizedToFinalizeWithdraw());
        bytes32 channelId = config.idOf();
        PendingWithdrawal memory pending = pendingWithdrawals[channelId];
        require(pending.initiatedAt != 0, WithdrawalNotPending());
        require(block.timestamp >= pending.initiatedAt + config.withdrawDelay, WithdrawDelayNotElapsed());

        uint128 amount = _least(pending.amount, _available(channels[channelId]));
        delete pendingWithdrawals[channelId];
        emit WithdrawFinalized(channelId, msg.sender, amount);
        _payBack(channelId, config, amount);
    }

    /// @notice The receiver's side gives the payer back what was not claimed, or `amount` of it.
    function refund(ChannelConfig calldata config, uint128 amount) external nonReentrant {
        require(_isReceiverSide(config), NotAuthorizedToRefund());
        _refund(config.idOf(), config, amount);
    }

    /// @notice As {refund}, by a signature of the receiver's authorizer over the channel's {refundNonce}.
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external nonReentrant {
        bytes32 channelId = config.idOf();
        require(nonce == refundNonce[channelId], InvalidRefundNonce());
        bytes32 digest = ChannelLib.refundDigest(channelId, nonce, amount);
        _checkSignature(config.receiverAuthorizer, digest, receiverAuthorizerSignature);
        _refund(channelId, config, amount);
    }

    /// @notice The name of a channel: the EIP-712 digest of its configuration, so it binds chain and contract.
    function getChannelId(ChannelConfig calldata config) external view returns (bytes32) {
        return config.idOf();
    }

    /// @notice What the payer signs.
    function getVoucherDigest(bytes32 channelId, uint128 maxClaimableAmount) external view returns (bytes32) {
        return ChannelLib.voucherDigest(channelId, maxClaimableAmount);
    }

    /// @notice What the receiver's authorizer signs for {refundWithSignature}.
    function getRefundDigest(bytes32 channelId, uint256 nonce, uint128 amount) external view returns (bytes32) {
        return ChannelLib.refundDigest(channelId, nonce, amount);
    }

    /// @notice What the receiver's authorizer signs for {claimWithSignature}.
    function getClaimBatchDigest(VoucherClaim[] calldata voucherClaims) external view returns (bytes32) {
        return ChannelLib.claimBatchDigest(voucherClaims);
    }

    /// @dev Claims are totals: one that was applied already does nothing the second time.
    function _claim(VoucherClaim calldata one) internal {
        ChannelConfig calldata config = one.voucher.channel;
        bytes32 channelId = config.idOf();
        Channel storage channel = channels[channelId];
        if (one.totalClaimed <= channel.totalClaimed) return;
        require(one.totalClaimed <= one.voucher.maxClaimableAmount, ClaimExceedsCeiling());
        require(one.totalClaimed <= channel.balance, ClaimExceedsBalance());

        bytes32 digest = ChannelLib.voucherDigest(channelId, one.voucher.maxClaimableAmount);
        if (config.payerAuthorizer == address(0)) {
            _checkSignature(config.payer, digest, one.signature);
        } else {
            require(ECDSA.recoverCalldata(digest, one.signature) == config.payerAuthorizer, InvalidSignature());
        }
        uint128 amount = one.totalClaimed - channel.totalClaimed;
        channel.totalClaimed = one.totalClaimed;
        receivers[config.receiver][config.token].totalClaimed += amount;
        emit Claimed(channelId, msg.sender, amount, one.totalClaimed);
    }

    /// @dev The nonce grows even where nothing is left to give back, so that no signed refund is good twice.
    function _refund(bytes32 channelId, ChannelConfig calldata config, uint128 wanted) internal {
        require(wanted != 0, ZeroRefund());
        ++refundNonce[channelId];
        uint128 amount = _least(wanted, _available(channels[channelId]));
        if (amount == 0) return;

        PendingWithdrawal storage pending = pendingWithdrawals[channelId];
        if (amount < pending.amount) {
            pending.amount -= amount;
        } else {
            delete pendingWithdrawals[channelId];
        }
        emit Refunded(channelId, msg.sender, amount);
        _payBack(channelId, config, amount);
    }

    function _payBack(bytes32 channelId, ChannelConfig calldata config, uint128 amount) internal {
        Channel storage channel = channels[channelId];
        channel.balance -= amount;
        if (channel.balance == 0) emit ChannelClosed(channelId, config);
        if (amount != 0) IERC20(config.token).safeTransfer(config.payer, amount);
    }

    function _checkSignature(address signer, bytes32 digest, bytes calldata signature) internal view {
        require(SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature), InvalidSignature());
    }

    function _isReceiverSide(ChannelConfig calldata config) internal view returns (bool) {
        return msg.sender == config.receiverAuthorizer || msg.sender == config.receiver;
    }

    function _isPayerSide(ChannelConfig calldata config) internal view returns (bool) {
        return msg.sender == config.payer || msg.sender == config.payerAuthorizer;
    }

    function _available(Channel storage channel) internal view returns (uint128) {
        return channel.balance - channel.totalClaimed;
    }

    function _checkConfig(ChannelConfig calldata config) internal pure {
        require(config.payer != address(0), InvalidChannel());
        require(config.receiver != address(0), InvalidChannel());
        require(config.receiverAuthorizer != address(0), InvalidChannel());
        require(config.token != address(0), InvalidChannel());
        require(config.withdrawDelay >= MIN_WITHDRAW_DELAY, WithdrawDelayOutOfRange());
        require(config.withdrawDelay <= MAX_WITHDRAW_DELAY, WithdrawDelayOutOfRange());
    }

    function _least(uint128 a, uint128 b) internal pure returns (uint128) {
        return a < b ? a : b;
    }
}
