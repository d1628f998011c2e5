// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title TestHistory
/// @notice Stands in for the history contract (EIP-2935) on chains that lack it: the hash of a block is made of its number. It
/// serves as many as the real one and reverts for others; code without storage, to be put at that address.
contract TestHistory {
    uint256 public constant SERVED = 8_191;

    error NotServed(uint256 blockNumber);

    // solhint-disable-next-line no-complex-fallback, payable-fallback
    fallback(bytes calldata data) external returns (bytes memory) {
        uint256 number = abi.decode(data, (uint256));
        bool isServed = number < block.number && number + SERVED >= block.number;
        require(isServed, NotServed(number));
        return abi.encode(keccak256(abi.encode(number)));
    }
}
