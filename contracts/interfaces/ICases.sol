// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICaseNotices, Verdict} from "./ICaseNotices.sol";
import {Frozen, JobSpec} from "./IJobs.sol";

/// @title ICases
/// @notice Cases about the items of a job, opened by the draw or by the client, judged in two tiers.
/// @dev A case covers whole items from `startItem` on, wrapping round, until 512 tokens, 12 items or 12 chunks of traces are covered. Its key is
/// `DRAW_KEY` for the draw's and the start item for a client's; its id is keccak256(abi.encode(job id, key)).
interface ICases is ICaseNotices {
    /// @notice Opens the case of a drawn job and draws its panel. Anyone may call, and is credited a reward.
    /// @dev Where the hash of the draw can no longer be read, the hash of a later block draws: `seatPanel` then says whether, and
    /// nobody is rewarded.
    function openDrawn(JobSpec calldata spec, Frozen calldata frozen) external returns (bytes32 caseId);

    /// @notice Draws the panel of a pinned case, or pins it anew if the block can no longer be read. Anyone may call.
    function seatPanel(JobSpec calldata spec, Frozen calldata frozen, uint256 key) external;

    /// @notice Commits a seat to a word: keccak256(abi.encode(COMMITMENT_TYPEHASH, court, caseId, position, seat, word, salt)).
    /// @dev By the seat's account or an operator key of it.
    function commit(bytes32 caseId, uint256 position, bytes32 commitment) external;

    /// @notice Reveals a seat's word. Anyone who knows it may call.
    function reveal(bytes32 caseId, uint256 position, bytes32 word, bytes32 salt) external;

    /// @notice Shows that a seat told its word before the reveals: it loses its stake, a fifth of it to the caller.
    function denounce(bytes32 caseId, uint256 position, bytes32 word, bytes32 salt) external;

    /// @notice Ends a tier: acquits, or goes to tier two, or gives the verdict. Anyone may call.
    function close(JobSpec calldata spec, Frozen calldata frozen, uint256 key) external returns (Verdict verdict);
}
