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
    bytes32 internal constant TRANSFER_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @notice What an owner signs.
    struct Authorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

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
        bytes memory signature
    ) public {
        require(to == msg.sender, AuthorizationNotPayee(to, msg.sender));
        Authorization memory given = Authorization(from, to, value, validAfter, validBefore, nonce);
        _transferBy(given, RECEIVE_WITH_AUTHORIZATION_TYPEHASH, signature);
    }

    /// @notice As above, with the signature of a key pair in three parts.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        receiveWithAuthorization(from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @notice Moves `value` from `from` to `to` by a signed authorization that anyone may present.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) public {
        Authorization memory given = Authorization(from, to, value, validAfter, validBefore, nonce);
        _transferBy(given, TRANSFER_WITH_AUTHORIZATION_TYPEHASH, signature);
    }

    /// @notice As above, with the signature of a key pair in three parts.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        transferWithAuthorization(from, to, value, validAfter, validBefore, nonce, abi.encodePacked(r, s, v));
    }

    /// @notice The version of the EIP-712 domain, as USDC tells it.
    function version() external view returns (string memory) {
        return _EIP712Version();
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
    function _transferBy(Authorization memory given, bytes32 typehash, bytes memory signature) internal {
        bool inTime = block.timestamp > given.validAfter && block.timestamp < given.validBefore;
        require(inTime, AuthorizationNotInTime(given.validAfter, given.validBefore));
        require(!authorizationState[given.from][given.nonce], AuthorizationUsedAlready(given.from, given.nonce));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(typehash, given)));
        bool valid = SignatureChecker.isValidSignatureNow(given.from, digest, signature);
        require(valid, AuthorizationInvalidSignature(given.from));

        authorizationState[given.from][given.nonce] = true;
        emit AuthorizationUsed(given.from, given.nonce);
        _transfer(given.from, given.to, given.value);
    }
}
