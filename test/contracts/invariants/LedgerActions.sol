// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Digests} from "../solidity/Digests.sol";
import {vm} from "../solidity/Vm.sol";
import {Draws} from "./Draws.sol";
import {Call, Rule} from "./Ghost.sol";

/// @title LedgerActions
/// @notice Everyone moves tokens in and out, sets balance aside and gives.
abstract contract LedgerActions is Draws {
    mapping(address account => uint256) private releasableAt;
    /// @dev Calls with a signature that were carried out, to be tried again.
    Call[] internal used;
    uint256 private nonces;
    /// @dev Whether the permit at hand is signed by a wrong key.
    bool private forged;

    function deposit(uint256 seed) external drawn(seed) {
        address from = _actor();
        address beneficiary = _onceIn(16) ? address(0) : _peerOf(from);
        uint256 amount = _amount(token.balanceOf(from));
        vm.prank(from);
        token.approve(address(market), amount);
        bytes memory data = abi.encodeCall(ILedger.deposit, (beneficiary, amount));
        bool allowed = beneficiary != address(0) && _mayPay(from, amount);
        _credits(_plain("deposit", from, data, allowed), beneficiary, amount);
    }

    function depositWithPermit(uint256 seed) external drawn(seed) {
        address from = _actor();
        uint256 amount = _amount(token.balanceOf(from));
        bytes memory data = _permit(from, amount);
        Call memory c = _plain("permit", from, data, _mayPay(from, amount));
        if (forged && token.allowance(from, address(market)) < amount) c.allowed = false;
        _credits(c, from, amount);
    }

    function depositWithAuthorization(uint256 seed) external drawn(seed) {
        address from = _actor();
        address beneficiary = _peerOf(from);
        address credited = _onceIn(4) ? actors[_below(ACTORS - 1)] : beneficiary;
        uint256 amount = _amount(token.balanceOf(from));
        uint256 end = _now() + _below(8);
        bool allowed = credited == beneficiary && _now() < end && _mayPay(from, amount);
        bytes memory signature = _authorize(from, beneficiary, amount, end);
        bytes memory data = abi.encodeCall(
            ILedger.depositWithAuthorization,
            (from, credited, amount, 0, end, bytes32(nonces), signature)
        );
        Call memory c = _plain("authorization", _anyone(), data, allowed);
        c.rule = Rule.Signatures;
        if (_credits(c, credited, amount)) used.push(c);
    }

    function withdraw(uint256 seed) external drawn(seed) {
        address from = _actor();
        uint256 kind = _below(16);
        address to =
            kind == 0
                ? address(market)
                : kind == 1
                    ? address(0)
                    : _onceIn(2)
                        ? from
                        : _anyone();
        uint256 balance = accountOf(from).balance;
        uint256 amount = _amount(balance);
        bool allowed = kind > 1 && amount > 0 && amount <= balance && !token.blocked(to);
        bytes memory data = abi.encodeCall(ILedger.withdraw, (to, amount));
        Call memory c = _plain("withdraw", from, data, allowed);
        c.rule = Rule.Withdrawals;
        (bool done, int256 moved) = _perform(c);
        _holds(Rule.Flows, moved == (done ? -int256(amount) : int256(0)), "withdraw");
        if (done) wentOut[from] += amount;
    }

    function reserve(uint256 seed) external drawn(seed) {
        address from = _actor();
        uint256 balance = accountOf(from).balance;
        uint256 amount = _amount(balance);
        bool allowed = amount > 0 && amount <= balance;
        _moves(_plain("reserve", from, abi.encodeCall(ILedger.reserve, (amount)), allowed), 0);
    }

    function requestRelease(uint256 seed) external drawn(seed) {
        address from = _actor();
        uint256 rest = market.reserveOf(from).amount - market.reserveOf(from).leaving;
        uint256 amount = _onceIn(3) ? rest : _amount(rest);
        bool allowed = amount > 0 && amount <= rest;
        bytes memory data = abi.encodeCall(ILedger.requestRelease, (amount));
        if (_moves(_plain("request release", from, data, allowed), 0)) {
            releasableAt[from] = _now() + parameters().releaseDelay;
        }
    }

    function release(uint256 seed) external drawn(seed) {
        address account = _leaver();
        _ripen(releasableAt[account]);
        bool allowed = market.reserveOf(account).leaving > 0 && _now() >= releasableAt[account];
        Call memory c = _plain("release", _anyone(), abi.encodeCall(ILedger.release, (account)), allowed);
        c.rule = Rule.Withdrawals;
        _moves(c, 0);
    }

    function fundPool(uint256 seed) external drawn(seed) {
        address from = _actor();
        uint256 amount = _amount(accountOf(from).balance / 64);
        bool allowed = amount > 0 && amount <= accountOf(from).balance;
        bytes memory data = abi.encodeCall(ILedger.fundPool, (amount));
        if (_moves(_plain("fund pool", from, data, allowed), -int256(amount))) given += amount;
    }

    function collectFees(uint256 seed) external drawn(seed) {
        address[] memory providers = new address[](3);
        (providers[0], providers[1]) = (_actor(), _actor());
        providers[2] = providers[0];
        uint256 fees = accountOf(providers[0]).fees;
        if (providers[1] != providers[0]) fees += accountOf(providers[1]).fees;
        bytes memory data = abi.encodeCall(ILedger.collectFees, (providers));
        if (_moves(_plain("collect fees", _anyone(), data, true), -int256(fees))) given += fees;
    }

    /// @notice The token bars an account, or lets it go.
    function bar(uint256 seed) external drawn(seed) {
        token.setBlocked(_actor(), _onceIn(6));
    }

    /// @notice Someone sends tokens without a deposit: they are nobody's.
    function donate(uint256 seed) external drawn(seed) {
        uint256 amount = _below(ONE);
        token.mint(address(market), amount);
        donated += amount;
    }

    /// @notice A signature that was used is brought again, whatever happened to its signer since.
    function replay(uint256 seed) external drawn(seed) {
        if (used.length == 0) return;
        Call memory c = used[_below(used.length)];
        (c.name, c.rule, c.allowed) = ("replay", Rule.Replays, false);
        _moves(c, 0);
    }

    /// @dev A call by which nobody but its caller may lose.
    function _plain(
        string memory name,
        address caller,
        bytes memory data,
        bool allowed
    ) internal pure returns (Call memory) {
        return Call(name, caller, data, allowed, Rule.Transitions, address(0), 0);
    }

    /// @dev The call, if it is done, makes all accounts together worth `expected` more.
    function _moves(Call memory c, int256 expected) internal returns (bool done) {
        int256 moved;
        (done, moved) = _perform(c);
        _holds(Rule.Flows, moved == (done ? expected : int256(0)), c.name);
    }

    /// @dev Forged at times, and at times used by another before.
    function _permit(address from, uint256 amount) private returns (bytes memory) {
        uint256 end = _now() + _below(2);
        bytes32 separator_ = token.DOMAIN_SEPARATOR();
        bytes32 digest = Digests.permit(separator_, from, address(market), amount, token.nonces(from), end);
        forged = _onceIn(4);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(forged ? 1 : keyOf[from], digest);
        if (!forged && _onceIn(2)) token.permit(from, address(market), amount, end, v, r, s);
        return abi.encodeCall(ILedger.depositWithPermit, (from, amount, end, v, r, s));
    }

    function _authorize(
        address from,
        address beneficiary,
        uint256 amount,
        uint256 end
    ) private returns (bytes memory signature) {
        bytes32 nonce = market.authorizationNonce(beneficiary, bytes32(++nonces));
        bytes32 separator_ = token.DOMAIN_SEPARATOR();
        bytes32 digest = Digests.authorization(separator_, from, address(market), amount, end, nonce);
        return Digests.sign(keyOf[from], digest);
    }

    function _credits(Call memory c, address beneficiary, uint256 amount) private returns (bool done) {
        uint256 before = accountOf(beneficiary).balance;
        done = _moves(c, int256(amount));
        if (!done) return done;
        _holds(Rule.Flows, accountOf(beneficiary).balance == before + amount, c.name);
        cameIn[beneficiary] += amount;
    }

    function _mayPay(address from, uint256 amount) private view returns (bool) {
        return amount > 0 && amount <= token.balanceOf(from) && !token.blocked(from);
    }
}
