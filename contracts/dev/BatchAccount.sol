// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";

/// @title BatchAccount
/// @notice Code that an account with a key borrows (EIP-7702), to make several calls at once or none (ERC-7821).
contract BatchAccount is ERC7821 {}
