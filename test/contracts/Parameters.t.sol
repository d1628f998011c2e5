// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Market} from "../../contracts/Market.sol";
import {PlainToken} from "../../contracts/dev/PlainToken.sol";
import {IParameters, MarketParameters} from "../../contracts/interfaces/IParameters.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {vm} from "./solidity/Vm.sol";

contract ParametersTest is Fixture {
    function setUp() public {
        deploy();
    }

    function test_aMarketTellsWhatItWasDeployedWith() public view {
        vm.assertEq(abi.encode(market.parameters()), abi.encode(parameters()), "parameters");
        vm.assertEq(address(market.token()), address(token), "token");
        vm.assertEq(market.court(), address(court), "court");
    }

    function test_aTokenOfNineDecimalsIsRefused() public {
        IERC20 fine = new PlainToken(9);
        bytes memory reason = abi.encodeWithSelector(IParameters.ParameterOutOfBounds.selector, "token");
        try new Market(fine, address(0), parameters()) {
            vm.assertTrue(false, "it was not refused");
        } catch (bytes memory answer) {
            vm.assertEq(answer, reason, "refused for another reason");
        }
        new Market(new PlainToken(8), address(0), parameters());
    }

    function test_parametersAtTheirBoundsAreTaken() public {
        MarketParameters memory p = parameters();
        p.minStake = p.noShowFloor = 1;
        p.exposureShare = p.noShowShare = p.declineShare = 10_000;
        p.feeShare = 1_000;
        p.minChallengeWindow = p.maxChallengeWindow = p.maxAcceptDelay = p.maxSubmitWithin = p.releaseDelay = 1;
        p.unbondingPeriod = 2;
        new Market(token, address(0), p);
        p.noShowFloor = p.declineGrace = 0;
        p.feeShare = p.noShowShare = p.declineShare = 0;
        new Market(token, address(0), p);
    }

    function test_everySharePastItsBoundIsRefused() public {
        MarketParameters memory p = parameters();
        p.exposureShare = 0;
        _refuses(p, "exposureShare");
        p.exposureShare = 10_001;
        _refuses(p, "exposureShare");
        p = parameters();
        p.feeShare = 1_001;
        _refuses(p, "feeShare");
        p = parameters();
        p.noShowShare = 10_001;
        _refuses(p, "noShowShare");
        p = parameters();
        p.declineShare = p.noShowShare + 1;
        _refuses(p, "declineShare");
    }

    function test_everyAmountPastItsBoundIsRefused() public {
        MarketParameters memory p = parameters();
        p.minStake = 0;
        _refuses(p, "minStake");
        p = parameters();
        p.noShowFloor = p.minStake + 1;
        _refuses(p, "noShowFloor");
    }

    function test_everyTimePastItsBoundIsRefused() public {
        MarketParameters memory p = parameters();
        p.unbondingPeriod = p.maxChallengeWindow;
        _refuses(p, "unbondingPeriod");
        p = parameters();
        p.releaseDelay = 0;
        _refuses(p, "releaseDelay");
        p = parameters();
        p.minChallengeWindow = 0;
        _refuses(p, "minChallengeWindow");
        p = parameters();
        p.maxChallengeWindow = p.minChallengeWindow - 1;
        _refuses(p, "maxChallengeWindow");
        p = parameters();
        p.maxAcceptDelay = 0;
        _refuses(p, "maxAcceptDelay");
        p = parameters();
        p.maxSubmitWithin = 0;
        _refuses(p, "maxSubmitWithin");
    }

    function _refuses(MarketParameters memory p, string memory name) private {
        bytes memory reason = abi.encodeWithSelector(IParameters.ParameterOutOfBounds.selector, name);
        try new Market(token, address(court), p) {
            vm.assertTrue(false, name);
        } catch (bytes memory answer) {
            vm.assertEq(answer, reason, name);
        }
    }
}
