// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Court} from "../../../contracts/Court.sol";
import {CourtExtension} from "../../../contracts/CourtExtension.sol";
import {CourtRegistry} from "../../../contracts/CourtRegistry.sol";
import {Market} from "../../../contracts/Market.sol";
import {BlocklistToken} from "../../../contracts/dev/BlocklistToken.sol";
import {ICourt} from "../../../contracts/interfaces/ICourt.sol";
import {CourtParameters} from "../../../contracts/interfaces/ICourtParameters.sol";
import {ModelTerms, Tolerances} from "../../../contracts/interfaces/ISeats.sol";
import {BlockHashes} from "../../../contracts/randomness/BlockHashes.sol";
import {ModelId} from "../../../contracts/types/ModelId.sol";
import {Digests} from "./Digests.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @title CourtFixture
/// @notice A market with the real court, and a panel of seats.
abstract contract CourtFixture is Fixture {
    uint256 internal constant FIRST_BLOCK = 1_000;
    ICourt internal tribunal;
    ModelId internal model;

    /// @dev Court and market, bound, with the panel of `terms` open and nobody on it.
    function deployCourt() internal {
        vm.warp(START);
        vm.roll(FIRST_BLOCK);
        token = new BlocklistToken();
        CourtRegistry registry = new CourtRegistry(new BlockHashes(), courtParameters());
        tribunal = ICourt(address(new Court(new CourtExtension(registry))));
        market = new Market(token, address(tribunal), parameters());
        tribunal.bind(market);
        separator = Digests.domain("Touchstone Market", block.chainid, address(market));
        model = tribunal.openPanel(terms());
    }

    /// @dev So many seats of one stake each, with as much again to spend, old enough to judge.
    function fillPanel(uint256 seats) internal {
        for (uint256 i = 1; i <= seats; ++i) {
            address owner = seatOwner(i);
            fund(owner, 2 * courtParameters().seatStake);
            vm.prank(owner);
            tribunal.stakeSeat(courtParameters().seatStake);
            vm.prank(owner);
            tribunal.joinPanel(owner, model);
        }
        later(courtParameters().seatMinAge);
        tribunal.refreshPanel(model);
    }

    function seatOwner(uint256 seat) internal pure returns (address) {
        return address(uint160(0x5EA700000000 + seat));
    }

    function tolerances() internal pure returns (Tolerances memory) {
        return
            Tolerances({
                marginTolerance: 200,
                marginThreshold: 1_000,
                traceTolerance: 300,
                traceThreshold: 1_200,
                probeTolerance: 5_000
            });
    }

    function terms() internal pure returns (ModelTerms memory) {
        return ModelTerms(keccak256("manifest"), keccak256("class"), tolerances(), keccak256("top8-int16"));
    }

    /// @dev Those of public networks, but for the size of the panel.
    function courtParameters() internal pure virtual returns (CourtParameters memory) {
        return
            CourtParameters({
                auditValue: 5 * ONE,
                seatStake: 50 * ONE,
                seatFee: 20_000,
                openReward: 10_000,
                challengeBond: 500_000,
                demandDeposit: 50_000,
                absentPenalty: 5 * ONE,
                outlierPenalty: 4 * ONE,
                contradictionPenalty: 25 * ONE,
                minBond: 10 * ONE,
                seatMinAge: 24 hours,
                seatUnbonding: 72 hours,
                commitWindow: 30 minutes,
                revealWindow: 10 minutes,
                appealWindow: 15 minutes,
                answerWindow: 4 hours,
                receiptLifetime: 24 hours,
                bondDelay: 72 hours,
                drawDelay: 8,
                minPanel: 12
            });
    }
}
