// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobId} from "../types/JobId.sol";

/// @title CaseLib
/// @notice Names, draws and positions of cases. Mirrored by `protocol/case.ts`.
library CaseLib {
    bytes32 internal constant COMMITMENT_TYPEHASH = keccak256(
        "Commitment(address court,bytes32 caseId,uint256 position,uint32 seat,bytes32 word,bytes32 salt)"
    );

    /// @notice Key of the case that the draw opens.
    uint256 internal constant DRAW_KEY = type(uint256).max;
    /// @notice Most items, and most chunks of their traces, that one case covers: all can be demanded.
    uint32 internal constant MAX_CASE_ITEMS = 12;
    /// @notice A case covers items until so many tokens are covered.
    uint32 internal constant MAX_CASE_TOKENS = 512;
    /// @notice Most demands for data in one case.
    uint8 internal constant MAX_DEMANDS = 12;
    /// @notice Seats of tier one. They may only acquit, unanimously.
    uint8 internal constant FIRST_TIER_SEATS = 3;
    /// @notice Seats of tier two.
    uint8 internal constant SECOND_TIER_SEATS = 9;
    /// @notice Words of tier two that convict, and least number of them that decides anything.
    uint8 internal constant QUORUM = 6;
    /// @notice Positions of both tiers.
    uint8 internal constant POSITIONS = 12;

    uint256 private constant SEAT_BITS = 21;
    uint256 private constant SEAT_MASK = (1 << SEAT_BITS) - 1;

    /// @notice Largest number of a seat: twelve of them fit one storage slot.
    uint32 internal constant MAX_SEATS = 2 ** 21 - 1;

    function caseId(JobId id, uint256 key) internal pure returns (bytes32) {
        return keccak256(abi.encode(id, key));
    }

    /// @notice Whether a seed draws a job: with probability `price / auditValue`.
    function isDrawn(bytes32 seed, JobId id, uint256 price, uint256 auditValue) internal pure returns (bool) {
        return uint256(keccak256(abi.encode(seed, id, "draw"))) % auditValue < price;
    }

    /// @notice The first item of a drawn case.
    function startItem(bytes32 seed, JobId id, uint32 items) internal pure returns (uint32) {
        return uint32(uint256(keccak256(abi.encode(seed, id, "item"))) % items);
    }

    /// @notice Which slot of a panel is tried for a position. Each try is a draw of its own: probing from slot to slot would give
    /// whoever sits behind a row of empty slots their chances.
    function slotOf(
        bytes32 seed,
        bytes32 id,
        uint256 position,
        uint256 attempt,
        uint256 slots
    ) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, id, position, attempt))) % slots;
    }

    /// @notice What a seat commits to.
    function commitment(
        address court,
        bytes32 id,
        uint256 position,
        uint32 seat,
        bytes32 word,
        bytes32 salt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(COMMITMENT_TYPEHASH, court, id, position, seat, word, salt));
    }

    /// @notice The seat at a position of a packed panel; zero if nobody sits there.
    function seatAt(uint256 packed, uint256 position) internal pure returns (uint32) {
        unchecked {
            return uint32((packed >> (SEAT_BITS * position)) & SEAT_MASK);
        }
    }

    /// @notice The packed panel with a seat at an empty position.
    function withSeat(uint256 packed, uint256 position, uint32 seat) internal pure returns (uint256) {
        return packed | (uint256(seat) << (SEAT_BITS * position));
    }

    /// @notice The packed panel with a position emptied.
    function withoutSeat(uint256 packed, uint256 position) internal pure returns (uint256) {
        return packed & ~(SEAT_MASK << (SEAT_BITS * position));
    }

    /// @notice Whether a seat sits at any position.
    function isSeated(uint256 packed, uint32 seat) internal pure returns (bool) {
        for (; packed != 0; packed >>= SEAT_BITS) {
            if (packed & SEAT_MASK == seat) return true;
        }
        return false;
    }
}
