// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Multicall3
/// @notice Stands in, on development chains, for the contract at 0xcA11bde05977b3631167028862bE2a173976CA11: the two
/// functions of it that viem and x402 read many values with. It takes no native coin.
contract Multicall3 {
    struct Call {
        address target;
        bytes callData;
    }

    struct Call3 {
        address target;
        bool allowFailure;
        bytes callData;
    }

    struct Result {
        bool success;
        bytes returnData;
    }

    error CallFailed();

    /// @notice Makes all calls; one that fails takes all down where `requireSuccess`.
    function tryAggregate(bool requireSuccess, Call[] calldata calls) external returns (Result[] memory returnData) {
        returnData = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            returnData[i] = _call(calls[i].target, calls[i].callData, !requireSuccess);
        }
    }

    /// @notice Makes all calls; one that fails takes all down unless it may fail.
    function aggregate3(Call3[] calldata calls) external returns (Result[] memory returnData) {
        returnData = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            returnData[i] = _call(calls[i].target, calls[i].callData, calls[i].allowFailure);
        }
    }

    function _call(address target, bytes calldata data, bool allowFailure) internal returns (Result memory result) {
        // solhint-disable-next-line avoid-low-level-calls
        (result.success, result.returnData) = target.call(data);
        require(result.success || allowFailure, CallFailed());
    }
}
