// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ProtocolHarness} from "../../contracts/dev/ProtocolHarness.sol";
import {Quote} from "../../contracts/interfaces/IAgreements.sol";
import {Frozen, IJobs, JobSpec} from "../../contracts/interfaces/IJobs.sol";
import {Receipt} from "../../contracts/interfaces/IReceipts.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {ModelId} from "../../contracts/types/ModelId.sol";
import {Digests} from "./solidity/Digests.sol";
import {Fixture} from "./solidity/Fixture.sol";
import {bound, vm} from "./solidity/Vm.sol";

contract LibrariesTest is Fixture {
    ProtocolHarness private harness;

    function setUp() public {
        deploy();
        harness = new ProtocolHarness();
    }

    function testFuzz_whatIsTakenIsRoundedUpAndWhatIsAllowedDown(uint64 amount, uint16 share) public view {
        uint256 up = harness.shareUp(amount, share);
        uint256 down = harness.shareDown(amount, share);
        uint256 exact = uint256(amount) * share;
        vm.assertLe(exact, up * 10_000, "taken too little");
        vm.assertTrue(up == 0 || (up - 1) * 10_000 < exact, "taken too much");
        vm.assertLe(down * 10_000, exact, "allowed too much");
        vm.assertGt((down + 1) * 10_000, exact, "allowed too little");
        vm.assertTrue(share > 10_000 || up <= amount, "more than all");
    }

    function testFuzz_aNoShowOwesTheShareAndNoLessThanTheFloor(uint64 price, uint16 share, uint64 floor) public view {
        uint256 owed = harness.noShowPenalty(price, share, floor);
        uint256 ofPrice = harness.shareUp(price, share);
        vm.assertEq(owed, floor > ofPrice ? floor : ofPrice, "owed");
    }

    function testFuzz_atEveryInstantADutyIsInTimeOrItsExitIsOpen(uint256 moment, uint256 deadline) public {
        moment = bound(moment, 1, type(uint40).max);
        _isOneOrTheOther(moment, deadline);
        _isOneOrTheOther(moment, moment - 1);
        _isOneOrTheOther(moment, moment);
        _isOneOrTheOther(moment, moment + 1);
    }

    function testFuzz_aJobsIdIsTheTypedDataDigestOfItsSpec(JobSpec memory spec, uint64 chain) public {
        vm.chainId(chain);
        bytes32 domain = Digests.domain("Touchstone Market", chain, address(market));
        JobId expected = Digests.jobId(domain, spec);
        vm.assertEq(JobId.unwrap(market.jobId(spec)), JobId.unwrap(expected), "id");
        vm.assertEq(Digests.typedData(domain, harness.jobSpecHash(spec)), JobId.unwrap(expected), "hash");
    }

    function testFuzz_aSpecWithDirtyBitsIsNoJob(uint256 member, uint256 dirt) public {
        JobSpec memory spec = newSpec();
        bytes memory data = abi.encodeCall(IJobs.post, (spec, ""));
        uint8[10] memory members = [0, 1, 4, 5, 6, 7, 8, 9, 10, 11];
        member = members[member % 10];
        uint256 position = 0x24 + 32 * member;
        dirt = bound(dirt, 1, type(uint96).max) << 160;
        assembly ("memory-safe") {
            let word := add(data, position)
            mstore(word, or(mload(word), dirt))
        }
        fund(CLIENT, 100 * ONE);
        vm.prank(CLIENT);
        (bool done, ) = address(market).call(data);
        vm.assertTrue(!done, "it was taken");
    }

    function testFuzz_theFrozenDigestIsTheHashOfTheEncoding(Frozen memory frozen) public view {
        vm.assertEq(harness.frozenDigest(frozen), bytes26(keccak256(abi.encode(frozen))), "encoding");
        vm.assertEq(harness.frozenDigest(frozen), Digests.frozen(frozen), "members");
    }

    function testFuzz_aReceiptStandsForAJobOfOneItem(Receipt memory r, uint32 lifetime) public view {
        vm.assertEq(
            Digests.typedData(separator, harness.receiptHash(r)),
            Digests.receipt(separator, r),
            "what is signed"
        );
        JobSpec memory expected = Digests.specOf(r, lifetime);
        vm.assertEq(abi.encode(harness.receiptSpec(r, lifetime)), abi.encode(expected), "spec");
        vm.assertEq(
            abi.encode(harness.receiptFrozen(r, lifetime)),
            abi.encode(Digests.frozenOf(r, lifetime)),
            "frozen"
        );
        vm.assertEq(harness.callSalt(r.channelId, r.seq), expected.salt, "salt");
    }

    function testFuzz_quotesAndLeavesAreTypedHashes(JobId job, uint40 end, address who, uint256 index) public view {
        bytes32 quote = harness.quoteHash(Quote({job: job, validUntil: end}));
        vm.assertEq(Digests.typedData(separator, quote), Digests.quote(separator, job, end), "quote");
        bytes32 content = JobId.unwrap(job);
        bytes32 inputType = keccak256("InputLeaf(uint256 index,bytes32 requestHash)");
        bytes32 input = keccak256(abi.encode(inputType, index, content));
        vm.assertEq(harness.inputLeaf(index, content), input, "input leaf");
        bytes32 resultType = keccak256(
            "ResultLeaf(bytes32 job,address provider,uint256 index,bytes32 outputHash,bytes32 traceRoot)"
        );
        bytes32 result = keccak256(abi.encode(resultType, job, who, index, input, content));
        vm.assertEq(harness.resultLeaf(job, who, index, input, content), result, "result leaf");
    }

    function _isOneOrTheOther(uint256 moment, uint256 deadline) private {
        vm.warp(moment);
        vm.assertTrue(harness.isAhead(deadline) == (moment < deadline), "in time");
        vm.assertTrue(harness.hasPassed(deadline) == (moment >= deadline), "exit");
    }
}
