// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CourtExtension} from "./CourtExtension.sol";
import {CourtBase} from "./court/CourtBase.sol";
import {Records} from "./court/Records.sol";
import {Verdicts} from "./court/Verdicts.sol";

// solhint-disable no-complex-fallback, payable-fallback

/// @title Court
/// @notice Judges results whose hashes cannot be compared: randomly drawn seats re-check them, their words are compared, and the
/// verdict is arithmetic.
/// @dev No proxy, no owner, no pause; bound once to one market. Its money is the market account of its own address: the stakes of
/// the seats, and the bonds and deposits of what is open. One contract may hold 24 KB of code (EIP-170), so the court is two: what is
/// not here is run from the extension, on the storage of the court. Both have one storage layout, that of `Dockets`.
contract Court is Verdicts, Records {
    address private immutable EXTENSION;

    /// @notice Fixes the extension for ever, and takes the parameters that it was made with.
    constructor(CourtExtension extension) CourtBase(extension.randomness(), extension.courtParameters()) {
        EXTENSION = address(extension);
    }

    /// @notice Runs on the extension what this contract does not know, with its own storage.
    fallback() external {
        address extension = EXTENSION;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := delegatecall(gas(), extension, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(success) {
                revert(free, returndatasize())
            }
            return(free, returndatasize())
        }
    }
}
