// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SmartAccount} from "./SmartAccount.sol";

/// @title HostileAccount
/// @notice A smart account that misbehaves when it is asked for a signature; the signature's first byte says how.
contract HostileAccount is SmartAccount {
    bytes1 public constant REVERT = 0x01;
    bytes1 public constant BURN_GAS = 0x02;
    bytes1 public constant RETURN_BOMB = 0x03;
    bytes1 public constant RETURN_NOTHING = 0x04;

    error NoSignatureToday();

    constructor(address owner_) SmartAccount(owner_) {}

    /// @inheritdoc SmartAccount
    function isValidSignature(bytes32 hash, bytes calldata signature) public view override returns (bytes4) {
        bytes1 manner = bytes1(signature);
        require(manner != REVERT, NoSignatureToday());
        if (manner == BURN_GAS) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (manner == RETURN_BOMB) {
            assembly {
                return(0, 1000000)
            }
        }
        if (manner == RETURN_NOTHING) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return super.isValidSignature(hash, signature);
    }
}
