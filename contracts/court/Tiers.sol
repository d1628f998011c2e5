// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Case, CaseStatus} from "../interfaces/ICaseNotices.sol";
import {Tolerances} from "../interfaces/ISeats.sol";
import {CaseLib} from "../libraries/CaseLib.sol";
import {WordLib} from "../libraries/WordLib.sol";
import {JobId} from "../types/JobId.sol";
import {ModelId} from "../types/ModelId.sol";
import {Dockets} from "./Dockets.sol";

/// @title Tiers
/// @notice How a case begins, who sits in its tiers, and when it goes from the first to the second.
abstract contract Tiers is Dockets {
    using WordLib for bytes32;
    using WordLib for bytes32[];

    /// @dev Has the hash of a later block draw the panel of a tier.
    function _pin(bytes32 caseId, uint8 tier) internal {
        Case storage c = _cases[caseId];
        uint256 anchor = block.number + DRAW_DELAY;
        c.status = CaseStatus.Pinned;
        c.tier = tier;
        c.since = uint40(block.timestamp);
        c.anchor = uint32(anchor);

        emit CasePinned(caseId, tier, anchor);
    }

    function _requireStatus(bytes32 caseId, CaseStatus status, CaseStatus wanted) internal pure {
        require(status == wanted, CaseWrongStatus(caseId, status));
    }

    /// @dev The caller holds the payment.
    function _open(JobId id, uint256 key, uint32 startItem, uint64 bond) internal returns (bytes32 caseId) {
        caseId = CaseLib.caseId(id, key);
        Case storage c = _cases[caseId];
        _requireStatus(caseId, c.status, CaseStatus.None);

        c.startItem = startItem;
        c.bond = bond;

        emit CaseOpened(caseId, id, msg.sender, key);
    }

    /// @dev What a client puts down to have a result judged: it grows with what a conviction awards.
    function _bondOf(uint64 price) internal view returns (uint64) {
        return price / 10 > CHALLENGE_BOND ? price / 10 : CHALLENGE_BOND;
    }

    /// @dev Until when seats may commit. Unix seconds.
    function _commitBy(Case memory c) internal view returns (uint256) {
        return uint256(c.since) + COMMIT_WINDOW;
    }

    /// @dev The seat at a position of the case's tier, for which the caller acts.
    function _requireSeat(
        bytes32 caseId,
        uint8 tier,
        uint256 packed,
        uint256 position
    ) internal view returns (uint32 seat) {
        bool isOfTier = position < CaseLib.POSITIONS && _seatedIn(tier, packed) & (1 << position) != 0;
        seat = CaseLib.seatAt(packed, position);
        bool isItsOwn = isOfTier && _isSeatOperator(_seats[seat].owner, msg.sender);
        require(isItsOwn, CaseNotSeat(caseId, position, msg.sender));
    }

    /// @dev The positions of a tier where somebody sits.
    function _seatedIn(uint8 tier, uint256 packed) internal pure returns (uint256 mask) {
        uint256 end = tier == 1 ? CaseLib.FIRST_TIER_SEATS : CaseLib.POSITIONS;
        for (uint256 i = end == CaseLib.POSITIONS ? CaseLib.FIRST_TIER_SEATS : 0; i < end;) {
            if (CaseLib.seatAt(packed, i) != 0) mask |= 1 << i;
            // a dozen positions
            unchecked {
                ++i;
            }
        }
    }

    /// @notice The seat that committed to this word, and has not revealed it.
    /// @param open The positions that have committed and not revealed.
    function _requireCommitment(
        bytes32 caseId,
        uint256 open,
        uint256 position,
        bytes32 word,
        bytes32 salt
    ) internal view returns (uint32 seat) {
        bool isOpen = position < CaseLib.POSITIONS && open & (1 << position) != 0;
        require(isOpen, CaseWrongReveal(caseId, position));
        seat = CaseLib.seatAt(_packedSeats[caseId], position);
        bytes32 expected = CaseLib.commitment(address(this), caseId, position, seat, word, salt);
        require(_words[caseId][position] == expected, CaseWrongReveal(caseId, position));
    }

    /// @dev Tier one acquits if all three revealed words agree and none is over a threshold.
    function _acquits(bytes32 caseId, ModelId model) internal view returns (bool) {
        uint256 all = (1 << CaseLib.FIRST_TIER_SEATS) - 1;
        if (_cases[caseId].revealed & all != all) return false;
        Tolerances memory tolerances = _panels[model].tolerances;
        bytes32[] memory words = _wordsOf(caseId, all);
        bytes32 center = words.median();
        for (uint256 i = 0; i < words.length; ++i) {
            if (!words[i].isNear(center, tolerances) || words[i].isOver(tolerances)) return false;
        }
        return true;
    }

    /// @dev While tier two works, the case takes the room of one minimum stake: the provider accepts nothing with it.
    function _escalate(bytes32 caseId, address provider) internal {
        _market.encumber(provider, _weight());
        _pin(caseId, 2);
    }

    /// @dev The words at the positions of a mask.
    function _wordsOf(bytes32 caseId, uint256 mask) internal view returns (bytes32[] memory words) {
        words = new bytes32[](CaseLib.POSITIONS);
        uint256 count = 0;
        for (uint256 i = 0; i < CaseLib.POSITIONS; ++i) {
            if (mask & (1 << i) != 0) words[count++] = _words[caseId][i];
        }
        assembly ("memory-safe") {
            mstore(words, count)
        }
    }
}
