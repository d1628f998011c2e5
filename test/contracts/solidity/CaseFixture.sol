// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICases} from "../../../contracts/interfaces/ICases.sol";
import {Answer, IDemands} from "../../../contracts/interfaces/IDemands.sol";
import {Frozen, JobSpec} from "../../../contracts/interfaces/IJobs.sol";
import {CaseLib} from "../../../contracts/libraries/CaseLib.sol";
import {LeafLib} from "../../../contracts/libraries/LeafLib.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {CourtFixture} from "./CourtFixture.sol";
import {vm} from "./Vm.sol";

/// @title CaseFixture
/// @notice A submitted job of one item, which the draw chooses, before a court with twenty seats.
abstract contract CaseFixture is CourtFixture {
    JobSpec internal spec;
    Frozen internal frozen;
    /// @dev Of the case that the draw opens.
    bytes32 internal caseId;

    /// @dev The court, its seats, and money for client and provider.
    function deployCourtWithSeats() internal {
        deployCourt();
        fillPanel(20);
        fund(CLIENT, 100 * ONE);
        fund(PROVIDER, 200 * ONE);
        vm.prank(PROVIDER);
        market.stake(100 * ONE);
    }

    /// @dev "request" was answered by "output"; the block that draws is there.
    /// @param traceRoot Zero where the item has no trace.
    function deliver(bytes32 traceRoot) internal {
        spec = newSpec();
        (spec.model, spec.items) = (model, 1);
        spec.input = LeafLib.inputLeaf(0, keccak256("request"));
        vm.prank(CLIENT);
        JobId id = market.post(spec, "");
        vm.prank(PROVIDER);
        market.accept(spec, PROVIDER);
        frozen = freeze(spec, PROVIDER);
        bytes32 root = LeafLib.resultLeaf(id, PROVIDER, 0, keccak256("output"), traceRoot);
        vm.prank(PROVIDER);
        market.submit(id, frozen, root);
        (frozen.resultRoot, frozen.submitBlock) = (root, uint64(vm.getBlockNumber()));
        vm.roll(vm.getBlockNumber() + courtParameters().drawDelay + 1);
        caseId = CaseLib.caseId(id, CaseLib.DRAW_KEY);
    }

    /// @dev What the provider answers for the item, but for its trace.
    function answerOf(bytes32 traceRoot) internal pure returns (Answer memory data) {
        (data.outputHash, data.traceRoot) = (keccak256("output"), traceRoot);
        (data.request, data.output) = ("request", "output");
    }

    function opens() internal {
        permits(STRANGER, abi.encodeCall(ICases.openDrawn, (spec, frozen)));
    }

    /// @dev Who sits at a position of the case.
    function ownerAt(uint256 position) internal view returns (address) {
        return seatOwner(tribunal.seatsOf(caseId)[position]);
    }

    function demandBy(uint256 position) internal view returns (bytes memory) {
        return abi.encodeCall(IDemands.demandForCase, (spec, frozen, CaseLib.DRAW_KEY, position));
    }

    /// @dev The court must do it.
    function permits(address caller, bytes memory call) internal {
        vm.prank(caller);
        (bool done, ) = address(tribunal).call(call);
        vm.assertTrue(done, "it was refused");
    }

    /// @dev The court must refuse it with exactly this error.
    function forbids(address caller, bytes memory call, bytes memory reason) internal {
        vm.prank(caller);
        (bool done, bytes memory answer) = address(tribunal).call(call);
        vm.assertTrue(!done, "it went through");
        vm.assertEq(answer, reason, "refused for another reason");
    }
}
