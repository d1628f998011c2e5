// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobSpec} from "../interfaces/IJobs.sol";

/// @title JobSpecLib
/// @notice The EIP-712 hash of a job spec, and its flags. Mirrored by `protocol/job.ts`.
library JobSpecLib {
    bytes32 internal constant JOB_SPEC_TYPEHASH = keccak256(
        "JobSpec(address client,address provider,bytes32 model,bytes32 input,uint32 items,uint64 price,uint40 acceptBy,uint32 submitWithin,uint32 challengeWindow,uint8 flags,address callback,uint32 callbackGas,bytes32 salt)"
    );

    /// @notice The client's inputs are for the provider alone; no random audit.
    uint8 internal constant SEALED = 1;
    /// @notice Not a job but the receipt of a live call (see ReceiptLib), which the court judges as one.
    uint8 internal constant RECEIPT = 2;

    /// @dev Members of the struct, each one word wide.
    uint256 private constant SIZE = 13 * 32;

    /// @notice EIP-712 `hashStruct`.
    /// @dev All members are static, so their encoding is their calldata, copied as it stands. A member with dirty high
    /// bits gives an id that is no job's: listing a job reads, and so validates, every member.
    function hash(JobSpec calldata spec) internal pure returns (bytes32 result) {
        bytes32 typeHash = JOB_SPEC_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), spec, SIZE)
            result := keccak256(free, add(SIZE, 0x20))
        }
    }
}
