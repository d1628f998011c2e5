// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Frozen, JobSpec} from "../../../contracts/interfaces/IJobs.sol";
import {Receipt} from "../../../contracts/interfaces/IReceipts.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {vm} from "./Vm.sol";

/// @title Digests
/// @notice What people sign, written out from EIP-712, EIP-2612 and ERC-3009 alone: a second opinion on the contracts'.
library Digests {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant SPEC_TYPEHASH = keccak256(
        "JobSpec(address client,address provider,bytes32 model,bytes32 input,uint32 items,uint64 price,uint40 acceptBy,uint32 submitWithin,uint32 challengeWindow,uint8 flags,address callback,uint32 callbackGas,bytes32 salt)"
    );
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    function domain(string memory name, uint256 chainId, address verifier) internal pure returns (bytes32) {
        bytes32 version = keccak256("1");
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), version, chainId, verifier));
    }

    function typedData(bytes32 separator, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", separator, structHash));
    }

    function jobId(bytes32 separator, JobSpec memory s) internal pure returns (JobId) {
        bytes memory first = abi.encode(SPEC_TYPEHASH, s.client, s.provider, s.model, s.input, s.items, s.price);
        bytes memory second = abi.encode(s.acceptBy, s.submitWithin, s.challengeWindow, s.flags);
        bytes memory third = abi.encode(s.callback, s.callbackGas, s.salt);
        return JobId.wrap(typedData(separator, keccak256(bytes.concat(first, second, third))));
    }

    function quote(bytes32 separator, JobId job, uint256 validUntil) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Quote(bytes32 job,uint40 validUntil)");
        return typedData(separator, keccak256(abi.encode(typeHash, job, validUntil)));
    }

    function frozen(Frozen memory f) internal pure returns (bytes26) {
        bytes memory first = abi.encode(f.provider, f.price, f.submitWithin, f.challengeWindow);
        return bytes26(keccak256(bytes.concat(first, abi.encode(f.verified, f.submitBlock, f.resultRoot))));
    }

    function receipt(bytes32 separator, Receipt memory r) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Receipt(address provider,address payer,bytes32 model,bytes32 channelId,uint64 seq,uint64 cumulative,bytes32 requestHash,bytes32 resultRoot,uint32 promptTokens,uint32 completionTokens,uint64 amount,uint40 issuedAt)"
        );
        bytes memory first = abi.encode(typeHash, r.provider, r.payer, r.model, r.channelId, r.seq, r.cumulative);
        bytes memory second = abi.encode(r.requestHash, r.resultRoot, r.promptTokens, r.completionTokens);
        bytes memory third = abi.encode(r.amount, r.issuedAt);
        return typedData(separator, keccak256(bytes.concat(first, second, third)));
    }

    /// @dev The job of one item that a receipt stands for.
    function specOf(Receipt memory r, uint32 lifetime) internal pure returns (JobSpec memory s) {
        bytes32 inputType = keccak256("InputLeaf(uint256 index,bytes32 requestHash)");
        bytes32 callType = keccak256("Call(bytes32 channelId,uint64 seq)");
        (s.client, s.provider, s.model, s.price) = (r.payer, r.provider, r.model, r.amount);
        (s.items, s.acceptBy, s.challengeWindow, s.flags) = (1, r.issuedAt, lifetime, 2);
        s.input = keccak256(abi.encode(inputType, uint256(0), r.requestHash));
        s.salt = keccak256(abi.encode(callType, r.channelId, uint256(r.seq)));
    }

    function frozenOf(Receipt memory r, uint32 lifetime) internal pure returns (Frozen memory) {
        return Frozen(r.provider, r.amount, 0, lifetime, true, 0, r.resultRoot);
    }

    function permit(
        bytes32 separator,
        address owner,
        address spender,
        uint256 value,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return typedData(separator, keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline)));
    }

    /// @dev Valid from the first second on.
    function authorization(
        bytes32 separator,
        address from,
        address to,
        uint256 value,
        uint256 validBefore,
        bytes32 nonce
    ) internal pure returns (bytes32) {
        uint256 validAfter = 0;
        return
            typedData(
                separator,
                keccak256(abi.encode(AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce))
            );
    }

    function sign(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return abi.encodePacked(r, s, v);
    }
}
