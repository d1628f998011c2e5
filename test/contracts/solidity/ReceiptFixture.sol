// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBonds} from "../../../contracts/interfaces/IBonds.sol";
import {CaseStatus} from "../../../contracts/interfaces/ICaseNotices.sol";
import {ICases} from "../../../contracts/interfaces/ICases.sol";
import {IReceipts, Receipt} from "../../../contracts/interfaces/IReceipts.sol";
import {CaseLib} from "../../../contracts/libraries/CaseLib.sol";
import {LeafLib} from "../../../contracts/libraries/LeafLib.sol";
import {CaseFixture} from "./CaseFixture.sol";
import {Digests} from "./Digests.sol";
import {vm} from "./Vm.sol";
import {Words} from "./Words.sol";

/// @title ReceiptFixture
/// @notice A provider with a bond and an operator key, and a payer of its calls, before a court with twenty seats.
abstract contract ReceiptFixture is CaseFixture {
    uint64 internal constant BOND = 100 * ONE;

    function deployCourtWithBond() internal {
        deployCourtWithSeats();
        fund(CLIENT, 1_000 * ONE);
        permits(PROVIDER, abi.encodeCall(IBonds.postBond, (BOND)));
        vm.prank(PROVIDER);
        market.setOperator(OPERATOR, type(uint40).max);
    }

    /// @dev "request" was answered by "output" just now; `spec`, `frozen` and `caseId` become those of the call.
    function issue(uint64 seq, uint64 amount) internal returns (Receipt memory r) {
        (r.provider, r.payer, r.model, r.channelId) = (PROVIDER, CLIENT, model, keccak256("channel"));
        (r.seq, r.cumulative, r.amount) = (seq, amount, amount);
        (r.promptTokens, r.completionTokens) = (20, 8);
        (r.requestHash, r.issuedAt) = (keccak256("request"), uint40(vm.getBlockTimestamp()));
        uint32 lifetime = courtParameters().receiptLifetime;
        spec = Digests.specOf(r, lifetime);
        r.resultRoot = LeafLib.resultLeaf(idOf(spec), PROVIDER, 0, keccak256("output"), 0);
        frozen = Digests.frozenOf(r, lifetime);
        caseId = CaseLib.caseId(idOf(spec), 0);
    }

    function signedBy(uint256 key, Receipt memory r) internal view returns (bytes memory) {
        return Digests.sign(key, Digests.receipt(separator, r));
    }

    /// @dev The payer's call, with the operator's signature.
    function bringing(Receipt memory r) internal view returns (bytes memory) {
        return abi.encodeCall(IReceipts.bringReceipt, (r, OPERATOR, signedBy(OPERATOR_KEY, r)));
    }

    function proving(Receipt memory a, Receipt memory b) internal view returns (bytes memory) {
        bytes memory first = signedBy(OPERATOR_KEY, a);
        return
            abi.encodeCall(IReceipts.proveDoubleReceipt, (a, OPERATOR, first, b, PROVIDER, signedBy(PROVIDER_KEY, b)));
    }

    /// @dev The case about a receipt, with its tier one.
    function bring(Receipt memory r) internal {
        permits(CLIENT, bringing(r));
        seatTier();
    }

    function seatTier() internal {
        vm.roll(vm.getBlockNumber() + courtParameters().drawDelay + 1);
        permits(STRANGER, abi.encodeCall(ICases.seatPanel, (spec, frozen, 0)));
    }

    /// @dev All seats of a tier say that the output came from the model, or that it did not.
    function speak(uint256 from, uint256 until, bool isGuilty) internal {
        int16[16] memory lanes;
        (lanes[0], lanes[2]) = (512, isGuilty ? int16(3_000) : int16(0));
        bytes32 word = Words.pack(lanes);
        for (uint256 i = from; i < until; ++i) {
            uint32 seat = tribunal.seatsOf(caseId)[i];
            bytes32 hash = CaseLib.commitment(address(tribunal), caseId, i, seat, word, 0);
            permits(ownerAt(i), abi.encodeCall(ICases.commit, (caseId, i, hash)));
        }
        for (uint256 i = from; i < until; ++i) permits(STRANGER, abi.encodeCall(ICases.reveal, (caseId, i, word, 0)));
    }

    function closes() internal {
        permits(STRANGER, abi.encodeCall(ICases.close, (spec, frozen, 0)));
    }

    /// @dev Both tiers find the provider guilty.
    function convict(Receipt memory r) internal {
        bring(r);
        speak(0, 3, true);
        closes();
        seatTier();
        speak(3, 12, true);
        closes();
        vm.assertEq(uint256(tribunal.caseOf(caseId).status), uint256(CaseStatus.Closed), "open");
    }
}
