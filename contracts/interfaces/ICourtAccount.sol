// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title ICourtAccount
/// @notice The court's money is the market account of its own address; what it may move besides is the assurance pool.
/// @dev All of it only by the court, which asks for money of its own callers and of nobody else.
interface ICourtAccount {
    /// @notice The court took seat stake, a bond or a deposit.
    event Collected(address indexed from, uint256 amount);

    /// @notice The court paid from its account.
    event Paid(address indexed to, uint256 amount);

    /// @notice The pool paid for an audit.
    event PoolPaid(address indexed to, uint256 amount);

    /// @notice A case in tier two weighs on a provider's exposure, or does no longer.
    event Encumbered(address indexed provider, uint256 exposure);

    /// @notice Moves free balance of `from` to the court's account.
    function collect(address from, uint256 amount) external;

    /// @notice Moves the court's own balance to `to`.
    function pay(address to, uint256 amount) external;

    /// @notice Pays `to` from the pool, as far as it reaches.
    /// @return paid What there was.
    function payFromPool(address to, uint256 amount) external returns (uint256 paid);

    /// @notice Adds to a provider's exposure without a job, whatever the cap: it accepts less while this lasts.
    function encumber(address provider, uint256 amount) external;

    /// @notice Takes off what `encumber` added.
    function disencumber(address provider, uint256 amount) external;
}
