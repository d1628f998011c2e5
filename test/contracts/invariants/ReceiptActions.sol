// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBonds, LiveBond} from "../../../contracts/interfaces/IBonds.sol";
import {IReceipts, Receipt} from "../../../contracts/interfaces/IReceipts.sol";
import {CaseLib} from "../../../contracts/libraries/CaseLib.sol";
import {Digests} from "../solidity/Digests.sol";
import {Trees} from "../solidity/Trees.sol";
import {vm} from "../solidity/Vm.sol";
import {Matter, Trial} from "./CourtGhost.sol";
import {Books} from "./Foresight.sol";
import {SeatActions} from "./SeatActions.sol";

/// @title ReceiptActions
/// @notice Providers post bonds and take them back; payers bring receipts of live calls, and such as were given twice.
abstract contract ReceiptActions is SeatActions {
    uint256 private constant MOST_RECEIPTS = 2;
    Receipt[] private brought;
    mapping(bytes32 call => bool) private known;
    uint64 private calls;
    uint256 private immutable OPENED;

    constructor() {
        OPENED = vm.getBlockTimestamp();
    }

    function manageBond(uint256 seed) external drawn(seed) {
        address provider = providerAt(_below(PROVIDERS));
        uint256 kind = _below(6);
        if (kind < 2) _postBond(provider);
        else if (kind < 4) _askBack(provider);
        else _withdrawBond(_leaver());
    }

    function _postBond(address provider) private {
        uint64 amount = uint64(_onceIn(8) ? 0 : 1 + _below(80 * ONE));
        bool allowed = amount > 0 && accountOf(provider).balance >= amount;
        bytes memory data = abi.encodeCall(IBonds.postBond, (amount));
        (bool done, ) = _perform("post bond", provider, address(tribunal), data, allowed);
        if (done) bonds[provider].amount += amount;
    }

    function _askBack(address provider) private {
        LiveBond storage bond = bonds[provider];
        uint64 free = bond.amount - bond.leaving;
        uint64 amount = _onceIn(4) ? free + uint64(_below(2)) : uint64(_below(uint256(free) + 1));
        bytes memory data = abi.encodeCall(IBonds.requestBondExit, (amount));
        (bool done, ) = _perform("ask bond back", provider, address(tribunal), data, amount > 0 && amount <= free);
        if (!done) return;
        bond.leaving += amount;
        bond.withdrawableAt = uint40(_now() + courtParameters().bondDelay);
    }

    /// @dev Somebody whose bond is leaving, where there is one, and mostly then when it may.
    function _leaver() private returns (address provider) {
        uint256 start = _below(PROVIDERS);
        for (uint256 i = 0; i < PROVIDERS; ++i) {
            provider = providerAt((start + i) % PROVIDERS);
            if (bonds[provider].leaving == 0 || (_openReceipts(provider) > 0 && !_onceIn(4))) continue;
            if (_onceIn(2)) _advance(bonds[provider].withdrawableAt - _below(2));
            return provider;
        }
    }

    function _mayWithdraw(address provider) private view returns (bool) {
        LiveBond memory bond = bonds[provider];
        return bond.leaving > 0 && _now() >= bond.withdrawableAt && _openReceipts(provider) == 0;
    }

    function _withdrawBond(address provider) private {
        LiveBond storage bond = bonds[provider];
        bool allowed = _mayWithdraw(provider);
        uint256 balance = accountOf(provider).balance;
        bytes memory data = abi.encodeCall(IBonds.withdrawBond, (provider));
        (bool done, ) = _perform("withdraw bond", STRANGER, address(tribunal), data, allowed);
        if (!done) return;
        _holds(accountOf(provider).balance == balance + bond.leaving, "withdrawn bond");
        bond.amount -= bond.leaving;
        bond.leaving = 0;
    }

    /// @notice A payer brings a receipt; now and then not its own, too late, not signed by its provider, or once more.
    function bringReceipt(uint256 seed) external drawn(seed) {
        uint256 open = 0;
        for (uint256 i = 0; i < matters.length; ++i) if (_isReceipt(matters[i]) && _isLive(i)) ++open;
        if (open >= MOST_RECEIPTS) return;
        uint256 kind = _below(12);
        bool isAgain = kind == 0 && brought.length > 0;
        Receipt memory r = isAgain ? brought[_below(brought.length)] : _receipt();
        address caller = kind == 1 ? OPENER : r.payer;
        uint256 key = kind == 2 ? 0xBAD : signingKey(r.provider);
        uint256 bond =
            r.amount / 10 > courtParameters().challengeBond ? r.amount / 10 : courtParameters().challengeBond;
        bool allowed = !isAgain && kind != 1 && kind != 2 && market.isVerified(model);
        allowed = allowed && _isAlive(r) && accountOf(caller).balance >= bond;
        bytes memory call = abi.encodeCall(IReceipts.bringReceipt, (r, vm.addr(key), _sign(key, r)));
        if (!_brings(r, caller, call, allowed)) return;
        Matter storage m = matters[matters.length - 1];
        _holds(tribunal.caseOf(CaseLib.caseId(m.id, 0)).bond == bond, "the receipt's bond");
    }

    function _brings(Receipt memory r, address caller, bytes memory data, bool allowed) private returns (bool done) {
        (done, ) = _perform("bring receipt", caller, address(tribunal), data, allowed);
        if (!done) return false;
        Matter storage m = matters.push();
        m.spec = Digests.specOf(r, courtParameters().receiptLifetime);
        m.frozen = Digests.frozenOf(r, courtParameters().receiptLifetime);
        m.id = idOf(m.spec);
        m.submittedAt = r.issuedAt;
        m.cheats = !_isHonestProvider(r.provider) && !_onceIn(4);
        brought.push(r);
        Trial memory trial = Trial(CaseLib.caseId(m.id, 0), matters.length - 1, 0);
        trials.push(trial);
        isTried[trial.id] = true;
    }

    /// @notice A payer shows two receipts for one call; now and then too late, the same one twice, or of a known double.
    function proveDouble(uint256 seed) external drawn(seed) {
        Receipt memory a = brought.length > 0 && _onceIn(2) ? brought[_below(brought.length)] : _receipt();
        if (_isHonestProvider(a.provider) || _onceIn(2)) return;
        Receipt memory b = abi.decode(abi.encode(a), (Receipt));
        bool isDouble = !_onceIn(6);
        if (isDouble) b.amount = a.amount / 2;
        if (isDouble) b.cumulative = a.cumulative + 1;
        bytes32 id = keccak256(abi.encode(a.provider, a.payer, a.channelId, a.seq));
        bool allowed = isDouble && !known[id] && _isNotOver(a);
        if (_proves(a, _proof(a, b), allowed)) known[id] = true;
    }

    function _proof(Receipt memory a, Receipt memory b) private view returns (bytes memory) {
        uint256 key = signingKey(a.provider);
        address signer = vm.addr(key);
        bytes memory first = _sign(key, a);
        return abi.encodeCall(IReceipts.proveDoubleReceipt, (b, signer, _sign(key, b), a, signer, first));
    }

    function _proves(Receipt memory a, bytes memory data, bool allowed) private returns (bool) {
        uint256 payer = accountOf(a.payer).balance;
        uint256 burned = accountOf(BURN_ACCOUNT).balance;
        (bool done, bytes memory answer) = _perform("prove double", a.payer, address(tribunal), data, allowed);
        if (!done) return false;
        uint256 taken = _bonded(a.provider, a.amount);
        _holds(abi.decode(answer, (uint256)) == taken, "slashed for a double");
        _holds(accountOf(a.payer).balance == payer + taken / 5, "the payer's fifth");
        _holds(accountOf(BURN_ACCOUNT).balance == burned + taken - taken / 5, "burned for a double");
        return true;
    }

    /// @dev Some are older than they may be, none than the providers' keys.
    function _receipt() private returns (Receipt memory r) {
        r.provider = providerAt(_below(PROVIDERS));
        r.payer = clientAt(_below(CLIENTS));
        (r.model, r.channelId, r.seq) = (model, keccak256(abi.encode(r.payer, r.provider)), ++calls);
        r.amount = uint64(_onceIn(4) ? _below(10 * ONE) : _below(30_000));
        r.cumulative = r.amount;
        r.requestHash = keccak256(abi.encode("request", uint256(0)));
        uint256 age = _onceIn(6) ? _below(30 hours) : _below(10 minutes);
        r.issuedAt = uint40(_now() > OPENED + age ? _now() - age : OPENED);
        Matter memory m;
        m.spec = Digests.specOf(r, courtParameters().receiptLifetime);
        r.resultRoot = Trees.root(_results(idOf(m.spec), r.provider, 1));
    }

    /// @dev Time passes; whoever is honest does its duty meanwhile.
    function _advance(uint256 moment) internal virtual;

    function _sign(uint256 key, Receipt memory r) private view returns (bytes memory) {
        return Digests.sign(key, Digests.receipt(separator, r));
    }

    function _isAlive(Receipt memory r) private view returns (bool) {
        return r.issuedAt <= _now() && _isNotOver(r);
    }

    function _isNotOver(Receipt memory r) private view returns (bool) {
        return _now() < uint256(r.issuedAt) + courtParameters().receiptLifetime;
    }
}
