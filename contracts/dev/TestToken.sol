// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IERC3009} from "../interfaces/IERC3009.sol";

/// @title TestToken
/// @notice A stand-in for a USD stablecoin on development chains: six decimals, ERC-2612, ERC-3009, free minting.
contract TestToken is ERC20, ERC20Permit, IERC3009 {
    bytes32 internal constant RECEIVE_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    mapping(address authorizer => mapping(bytes32 nonce => bool)) public authorizationState;

    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);

    error AuthorizationNotPayee(address to, address caller);
    error AuthorizationNotInTime(uint256 validAfter, uint256 validBefore);
    error AuthorizationUsedAlready(address authorizer, bytes32 nonce);
    error AuthorizationInvalidSignature(address authorizer);

    constructor() ERC20("Test USD", "tUSD") ERC20Permit("Test USD") {}

    /// @notice Gives anyone any amount: this token is worth nothing.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @inheritdoc IERC3009
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        require(to == msg.sender, AuthorizationNotPayee(to, msg.sender));
        bool inTime = block.timestamp > validAfter && block.timestamp < validBefore;
        require(inTime, AuthorizationNotInTime(validAfter, validBefore));
        require(!authorizationState[from][nonce], AuthorizationUsedAlready(from, nonce));
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce))
        );
        bool valid = SignatureChecker.isValidSignatureNowCalldata(from, digest, signature);
        require(valid, AuthorizationInvalidSignature(from));

        authorizationState[from][nonce] = true;
        emit AuthorizationUsed(from, nonce);
        _transfer(from, to, value);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
