// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case} from "../../contracts/interfaces/ICaseNotices.sol";
import {Answer, Demand, IDemands} from "../../contracts/interfaces/IDemands.sol";
import {LeafLib} from "../../contracts/libraries/LeafLib.sol";
import {JobId} from "../../contracts/types/JobId.sol";
import {CaseFixture} from "./solidity/CaseFixture.sol";
import {Trees} from "./solidity/Trees.sol";
import {vm} from "./solidity/Vm.sol";

/// @notice What an answer must be, and what is asked for next.
contract DemandsTest is CaseFixture {
    /// A trace of 1,024 tokens: one full chunk, and an empty one that says that it was the last.
    bytes private full = new bytes(LeafLib.TRACE_CHUNK_BYTES);
    bytes32[] private chunks;
    bytes32 private traceRoot;

    function setUp() public {
        deployCourtWithSeats();
        chunks.push(LeafLib.traceLeaf(0, keccak256(full)));
        chunks.push(LeafLib.traceLeaf(1, keccak256("")));
        traceRoot = Trees.root(chunks);
    }

    function test_aCaseAsksForOneChunkAfterTheOtherUntilItHasEnough() public {
        deliver(traceRoot);
        opens();
        permits(ownerAt(0), demandBy(0));
        _isWanted(caseId, 0);
        permits(PROVIDER, _answer(caseId, _chunk(0)));
        permits(ownerAt(1), demandBy(1));
        _isWanted(caseId, 1);
        permits(PROVIDER, _answer(caseId, _chunk(1)));
        Case memory c = tribunal.caseOf(caseId);
        vm.assertEq(c.answeredTokens, 1_024, "tokens");
        vm.assertEq(c.demands, 2, "demands");
        vm.assertEq(c.nextItem, 1, "item");
        vm.assertEq(c.nextChunk, 0, "chunk");
        forbids(ownerAt(0), demandBy(0), abi.encodeWithSelector(IDemands.DemandExhausted.selector, caseId));
    }

    function test_everyPartOfAnAnswerIsTheJobs() public {
        deliver(traceRoot);
        bytes32 key = _asks(0);
        Answer memory data = _chunk(0);
        data.outputHash = keccak256("another");
        _isWrong(key, data, "result");
        data = _chunk(0);
        data.request = "another";
        _isWrong(key, data, "request");
        data = _chunk(0);
        data.output = "another";
        _isWrong(key, data, "output");
        data = _chunk(0);
        data.trace[0] = 0x01;
        _isWrong(key, data, "trace");
        _isWrong(key, _chunk(1), "trace");
        permits(PROVIDER, _answer(key, _chunk(0)));
    }

    function test_onlyTheLastChunkAnswersForOneBeyondIt() public {
        deliver(traceRoot);
        bytes32 key = _asks(7);
        _isWrong(key, _chunk(0), "trace");
        permits(PROVIDER, _answer(key, _chunk(1)));
        vm.assertEq(tribunal.demandOf(key).demander, address(0), "still open");
    }

    function test_anItemWithoutATraceIsAnsweredWithoutOne() public {
        deliver(0);
        bytes32 key = _asks(0);
        Answer memory data = answerOf(0);
        data.trace = full;
        _isWrong(key, data, "trace");
        permits(PROVIDER, _answer(key, answerOf(0)));
    }

    function test_aPaymentIsHeldAsOftenAsThereIsAReason() public {
        deliver(0);
        JobId id = idOf(spec);
        vm.assertEq(tribunal.holdsOf(id), 0, "before");
        opens();
        vm.assertEq(tribunal.holdsOf(id), 1, "a case");
        bytes32 key = _asks(0);
        vm.assertEq(tribunal.holdsOf(id), 2, "a case and a demand");
        permits(PROVIDER, _answer(key, answerOf(0)));
        vm.assertEq(tribunal.holdsOf(id), 1, "a case again");
    }

    /// @dev The client asks for a chunk.
    function _asks(uint8 chunk) private returns (bytes32 key) {
        permits(CLIENT, abi.encodeCall(IDemands.demand, (spec, frozen, 0, chunk)));
        key = JobId.unwrap(idOf(spec));
        _isWanted(key, chunk);
    }

    function _chunk(uint32 chunk) private view returns (Answer memory data) {
        data = answerOf(traceRoot);
        data.traceChunk = chunk;
        data.traceProof = Trees.proof(chunks, chunk);
        if (chunk == 0) data.trace = full;
    }

    function _answer(bytes32 key, Answer memory data) private view returns (bytes memory) {
        return abi.encodeCall(IDemands.answer, (spec, frozen, key, data));
    }

    function _isWanted(bytes32 key, uint8 chunk) private view {
        Demand memory wanted = tribunal.demandOf(key);
        vm.assertEq(JobId.unwrap(wanted.job), JobId.unwrap(idOf(spec)), "job");
        vm.assertEq(wanted.item, 0, "item");
        vm.assertEq(wanted.chunk, chunk, "chunk");
    }

    function _isWrong(bytes32 key, Answer memory data, string memory part) private {
        bytes memory reason = abi.encodeWithSelector(IDemands.DemandWrongAnswer.selector, idOf(spec), part);
        forbids(PROVIDER, _answer(key, data), reason);
    }
}
