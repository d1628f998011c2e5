// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SmartAccount} from "../../contracts/dev/SmartAccount.sol";
import {IAgreements} from "../../contracts/interfaces/IAgreements.sol";
import {IJobs, JobSpec, JobStatus} from "../../contracts/interfaces/IJobs.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IStaking} from "../../contracts/interfaces/IStaking.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {Digests} from "./solidity/Digests.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

contract AgreementsTest is Fixture {
    uint256 private constant FREE = 1_000 * uint256(ONE);
    uint256 private constant STAKE = 100 * uint256(ONE);
    uint256 private constant PRICE = 10 * uint256(ONE);
    uint40 private constant SOON = uint40(START + 60);

    function setUp() public {
        deployAndFund();
        does(CLIENT, abi.encodeCall(ILedger.reserve, (100 * ONE)));
    }

    function test_aQuotePostsTheJobAccepted() public {
        JobSpec memory spec = newSpec();
        does(CLIENT, _take(spec, OPERATOR, OPERATOR_KEY));
        hasStatus(idOf(spec), JobStatus.Accepted);
        hasAccount(CLIENT, FREE - 100 * ONE - PRICE, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE, PRICE, 0);
        does(CLIENT, _take(newSpec(), PROVIDER, PROVIDER_KEY));
    }

    function test_aQuoteIsGoodOnceAndBeforeItsEnd() public {
        JobSpec memory spec = newSpec();
        bytes memory call = _take(spec, OPERATOR, OPERATOR_KEY);
        vm.warp(SOON);
        refuses(CLIENT, call, abi.encodeWithSelector(IAgreements.QuoteExpired.selector, SOON));
        vm.warp(SOON - 1);
        does(CLIENT, call);
        refuses(CLIENT, call, abi.encodeWithSelector(IJobs.JobWrongStatus.selector, idOf(spec), JobStatus.Accepted));
    }

    function test_aQuoteIsForTheClientAndByTheProviderThatTheSpecNames() public {
        JobSpec memory spec = newSpec();
        bytes memory reason = abi.encodeWithSelector(IJobs.JobNotClient.selector, CLIENT, STRANGER);
        refuses(STRANGER, _take(spec, OPERATOR, OPERATOR_KEY), reason);
        reason = abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, CLIENT);
        refuses(CLIENT, _take(spec, CLIENT, CLIENT_KEY), reason);
        reason = abi.encodeWithSelector(IAgreements.InvalidSignature.selector, OPERATOR);
        refuses(CLIENT, _take(spec, OPERATOR, CLIENT_KEY), reason);
        spec.provider = address(0);
        reason = abi.encodeWithSelector(IJobs.JobProviderMismatch.selector, address(0), OPERATOR);
        refuses(CLIENT, _take(spec, OPERATOR, OPERATOR_KEY), reason);
    }

    function test_anOrderPostsTheJobSubmittedAndIsPaidFromTheReserve() public {
        JobSpec memory spec = newSpec();
        bytes memory call = _fulfil(spec, CLIENT_KEY);
        does(OPERATOR, call);
        JobId id = idOf(spec);
        hasStatus(id, JobStatus.Submitted);
        vm.assertEq(market.reserveOf(CLIENT).amount, 90 * ONE, "reserve");
        hasAccount(CLIENT, FREE - 100 * ONE, 0, 0, 0);
        hasAccount(PROVIDER, FREE, STAKE, PRICE, 0);
        refuses(OPERATOR, call, abi.encodeWithSelector(IJobs.JobWrongStatus.selector, id, JobStatus.Submitted));
    }

    function test_anOrderIsForTheProviderItNamesUntilAcceptBy() public {
        JobSpec memory spec = newSpec();
        bytes memory reason = abi.encodeWithSelector(IStaking.StakingNotOperator.selector, PROVIDER, STRANGER);
        refuses(STRANGER, _fulfil(spec, CLIENT_KEY), reason);
        reason = abi.encodeWithSelector(IAgreements.InvalidSignature.selector, CLIENT);
        refuses(OPERATOR, _fulfil(spec, OPERATOR_KEY), reason);
        spec.provider = address(0);
        reason = abi.encodeWithSelector(IStaking.StakingNotOperator.selector, address(0), OPERATOR);
        refuses(OPERATOR, _fulfil(spec, CLIENT_KEY), reason);
        spec.provider = PROVIDER;
        vm.warp(spec.acceptBy);
        reason = abi.encodeWithSelector(IJobs.JobTooLate.selector, idOf(spec), spec.acceptBy);
        refuses(OPERATOR, _fulfil(spec, CLIENT_KEY), reason);
    }

    function test_anOrderDrawsOnWhatIsLeavingTheReserveButNotOnMore() public {
        does(CLIENT, abi.encodeCall(ILedger.requestRelease, (95 * ONE)));
        later(15 minutes);
        does(OPERATOR, _fulfil(newSpec(), CLIENT_KEY));
        vm.assertEq(market.reserveOf(CLIENT).leaving, 90 * ONE, "leaving");
        does(STRANGER, abi.encodeCall(ILedger.release, (CLIENT)));
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerInsufficientReserve.selector, CLIENT, 0, PRICE);
        refuses(OPERATOR, _fulfil(newSpec(), CLIENT_KEY), reason);
    }

    function test_smartAccountsQuoteAndOrder() public {
        SmartAccount buyer = new SmartAccount(CLIENT);
        SmartAccount key = new SmartAccount(OPERATOR);
        fund(address(buyer), 100 * ONE);
        does(address(buyer), abi.encodeCall(ILedger.reserve, (50 * ONE)));
        does(PROVIDER, abi.encodeCall(IStaking.setOperator, (address(key), SOON)));
        JobSpec memory spec = newSpec();
        spec.client = address(buyer);
        does(OPERATOR, _fulfil(spec, CLIENT_KEY));
        does(CLIENT, _take(newSpec(), address(key), OPERATOR_KEY));
        bytes memory reason = abi.encodeWithSelector(IAgreements.InvalidSignature.selector, address(key));
        refuses(CLIENT, _take(newSpec(), address(key), CLIENT_KEY), reason);
    }

    function testFuzz_aSignatureBindsEveryFieldOfAnOrder(uint256 field, uint256 change) public {
        JobSpec memory spec = newSpec();
        JobSpec memory other = abi.decode(abi.encode(spec), (JobSpec));
        field = field % 10;
        uint256 delta = bound(change, 1, 100);
        if (field == 0) other.price += uint64(delta);
        else if (field == 1) other.items += uint32(delta);
        else if (field == 2) other.acceptBy += uint40(delta);
        else if (field == 3) other.submitWithin += uint32(delta);
        else if (field == 4) other.challengeWindow += uint32(delta);
        else if (field == 5) other.flags = 1;
        else if (field == 6) other.input = bytes32(change | 1);
        else if (field == 7) other.salt = keccak256(abi.encode(change));
        else if (field == 8) (other.client, other.provider) = (PROVIDER, CLIENT);
        else other.client = OPERATOR;
        bytes memory signature = Digests.sign(CLIENT_KEY, JobId.unwrap(idOf(spec)));
        bytes memory call = abi.encodeCall(IAgreements.fulfil, (other, signature, ROOT));
        bytes memory reason = abi.encodeWithSelector(IAgreements.InvalidSignature.selector, other.client);
        refuses(field == 8 ? CLIENT : OPERATOR, call, reason);
        does(OPERATOR, abi.encodeCall(IAgreements.fulfil, (spec, signature, ROOT)));
    }

    function testFuzz_aSignatureBindsChainMarketJobAndEnd(uint64 chain, address other, uint40 end, uint256 key) public {
        JobSpec memory spec = newSpec();
        chain = chain == block.chainid ? chain + 1 : chain;
        other = other == address(market) ? STRANGER : other;
        end = end == SOON ? SOON + 1 : end;
        key = bound(key, 1, type(uint128).max);
        key = key == OPERATOR_KEY ? key + 1 : key;
        string memory name = "Touchstone Market";
        _isNoQuote(spec, OPERATOR_KEY, Digests.domain(name, chain, address(market)), idOf(spec), SOON);
        _isNoQuote(spec, OPERATOR_KEY, Digests.domain(name, block.chainid, other), idOf(spec), SOON);
        _isNoQuote(spec, OPERATOR_KEY, separator, idOf(newSpec()), SOON);
        _isNoQuote(spec, OPERATOR_KEY, separator, idOf(spec), end);
        _isNoQuote(spec, key, separator, idOf(spec), SOON);
        does(CLIENT, _take(spec, OPERATOR, OPERATOR_KEY));
    }

    function _isNoQuote(JobSpec memory spec, uint256 key, bytes32 domain, JobId job, uint40 end) private {
        bytes memory signature = Digests.sign(key, Digests.quote(domain, job, end));
        bytes memory call = abi.encodeCall(IAgreements.postAccepted, (spec, SOON, OPERATOR, signature));
        refuses(CLIENT, call, abi.encodeWithSelector(IAgreements.InvalidSignature.selector, OPERATOR));
    }

    function _take(JobSpec memory spec, address signer, uint256 key) private view returns (bytes memory) {
        bytes memory signature = Digests.sign(key, Digests.quote(separator, idOf(spec), SOON));
        return abi.encodeCall(IAgreements.postAccepted, (spec, SOON, signer, signature));
    }

    function _fulfil(JobSpec memory spec, uint256 key) private view returns (bytes memory) {
        bytes memory signature = Digests.sign(key, JobId.unwrap(idOf(spec)));
        return abi.encodeCall(IAgreements.fulfil, (spec, signature, ROOT));
    }
}
