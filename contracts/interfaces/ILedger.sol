// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice All that the market's hot path needs of one account, in one storage slot. Token units.
/// @dev 64 bits hold 18 trillion tokens of 6 decimals; tokens of more than 8 decimals are refused at deployment.
struct Account {
    /// Free to spend or withdraw at once.
    uint64 balance;
    /// Slashable, not asked back.
    uint64 stake;
    /// Sum of the prices of accepted, unsettled jobs.
    uint64 exposure;
    /// Fees of its settled jobs that nobody has moved to the pool yet.
    uint64 fees;
}

/// @notice Balance set aside to back orders signed off chain. It leaves only after a delay, so that a provider that
/// computed a signed order can still be paid.
struct Reserve {
    /// What orders may draw on, `leaving` included.
    uint64 amount;
    /// The part that was asked back.
    uint64 leaving;
    /// When `leaving` may be released. Unix seconds.
    uint40 releasableAt;
}

/// @title ILedger
/// @notice Token in, token out, and internal balances in between: deposit once, spend often, withdraw by pulling.
interface ILedger {
    /// @notice Tokens came in and were credited.
    event Deposited(address indexed from, address indexed beneficiary, uint256 amount);

    /// @notice Free balance left as tokens.
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    /// @notice Free balance now backs orders.
    event Reserved(address indexed account, uint256 amount);

    /// @notice Part of a reserve was asked back.
    /// @param leaving All that is now leaving.
    event ReleaseRequested(address indexed account, uint256 leaving, uint256 releasableAt);

    /// @notice Part of a reserve became free balance again.
    event Released(address indexed account, uint256 amount);

    /// @notice An order drew on the reserve of its client; the job that it pays is posted right after.
    event ReserveSpent(address indexed account, uint256 amount);

    /// @notice Somebody gave free balance to the assurance pool.
    event PoolFunded(address indexed from, uint256 amount);

    /// @notice The fees of a provider's settled jobs were moved to the assurance pool.
    event FeesCollected(address indexed provider, uint256 amount);

    /// @notice The account's free balance is too low. Deposit `needed - balance` more.
    error LedgerInsufficientBalance(address account, uint256 balance, uint256 needed);

    /// @notice The account's reserve is too low. Reserve `needed - reserved` more.
    error LedgerInsufficientReserve(address account, uint256 reserved, uint256 needed);

    /// @notice Nothing is leaving the reserve, or its delay is not over before `releasableAt`.
    error LedgerNotReleasable(address account, uint256 leaving, uint256 releasableAt);

    /// @notice The token moved another amount than it was asked to; such tokens are refused.
    error LedgerTransferMismatch(uint256 expected, uint256 received);

    /// @notice Tokens cannot be sent to the market itself, nor credited to nobody.
    error LedgerInvalidRecipient(address recipient);

    /// @notice An amount of zero does nothing.
    error LedgerZeroAmount();

    /// @notice Pulls `amount` tokens from the caller, who approved them, and credits `beneficiary`.
    function deposit(address beneficiary, uint256 amount) external;

    /// @notice As `deposit`, with an ERC-2612 permit by the caller in the same transaction.
    /// @dev A permit that fails (used by a front-runner, say) is ignored: what counts is the allowance.
    function depositWithPermit(
        address beneficiary,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Takes `amount` tokens of `from` by an ERC-3009 authorization and credits `beneficiary`. Anyone may relay.
    /// @dev The authorization's nonce must be `authorizationNonce(beneficiary, salt)`: it binds who is credited.
    function depositWithAuthorization(
        address from,
        address beneficiary,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external;

    /// @notice Sends `amount` of the caller's free balance to `to` as tokens.
    function withdraw(address to, uint256 amount) external;

    /// @notice Moves `amount` of the caller's free balance into its reserve.
    function reserve(uint256 amount) external;

    /// @notice Asks `amount` more of the caller's reserve back; the delay of all that is leaving starts anew.
    /// @dev What is leaving can still be drawn by orders until it is released.
    function requestRelease(uint256 amount) external;

    /// @notice Moves what was asked back into the account's free balance once the delay is over. Anyone may call.
    function release(address account) external;

    /// @notice Gives `amount` of the caller's free balance to the assurance pool, for good.
    function fundPool(uint256 amount) external;

    /// @notice Moves the fees of these providers' settled jobs to the assurance pool. Anyone may call.
    function collectFees(address[] calldata providers) external;

    /// @notice Balance, stake, exposure and uncollected fees of an account.
    function accountOf(address account) external view returns (Account memory);

    /// @notice The account's order-backing reserve.
    function reserveOf(address account) external view returns (Reserve memory);

    /// @notice The assurance pool: collected fees, which pay for audits. Token units.
    function pool() external view returns (uint256);

    /// @notice The ERC-3009 nonce of a deposit for `beneficiary`.
    function authorizationNonce(address beneficiary, bytes32 salt) external pure returns (bytes32);
}
