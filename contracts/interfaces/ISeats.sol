// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelId} from "../types/ModelId.sol";

/// @notice By how much two honest machines of a backend class may differ, and from where on a result is wrong. In the
/// units of a word's lanes: see WordLib.
struct Tolerances {
    /// Mean Gumbel margin (lane 2): between two seats, and of a cheat.
    uint16 marginTolerance;
    uint16 marginThreshold;
    /// Distance to the trace (lane 3): between two seats, and of a cheat.
    uint16 traceTolerance;
    uint16 traceThreshold;
    /// Sum of squared differences of the probes (lanes 4 to 15) between two seats.
    uint32 probeTolerance;
}

/// @notice All that a model id is the hash of.
struct ModelTerms {
    /// sha-256 of the manifest's canonical JSON (RFC 8785).
    bytes32 manifestHash;
    /// keccak256 of the name of the class of machines whose numbers agree.
    bytes32 backendClass;
    Tolerances tolerances;
    /// keccak256 of the name of what a trace holds.
    bytes32 traceKind;
}

/// @notice One validator, as stored.
struct Seat {
    /// Its cold account. The operator keys that this account names in the market act for the seat.
    address owner;
    /// Token units.
    uint64 stake;
}

/// @notice A place on a panel: one slot, never moved, so that a known seed cannot be steered.
struct PanelSlot {
    uint32 seat;
    /// Unix seconds.
    uint40 joinedAt;
    /// Unix seconds; zero while the seat serves.
    uint40 leftAt;
    /// When the panel got this slot. Unix seconds.
    uint40 createdAt;
}

/// @title ISeats
/// @notice Validators, their stakes, and the panels of models on which they sit.
interface ISeats {
    /// @notice A seat's stake was raised; with the first stake the seat came about.
    event SeatStaked(uint32 indexed seat, address indexed owner, uint256 amount);

    /// @notice A seat took its stake back.
    event SeatWithdrawn(uint32 indexed seat, address indexed owner, uint256 amount);

    /// @notice A seat lost stake.
    event SeatPenalised(uint32 indexed seat, bytes32 indexed caseId, uint256 amount);

    /// @notice A model can have a panel from now on.
    event PanelOpened(ModelId indexed model, ModelTerms terms);

    /// @notice A seat took a slot of a panel.
    event PanelJoined(ModelId indexed model, uint32 indexed seat, uint256 slot);

    /// @notice A seat left its slot. It still judges what was submitted before.
    event PanelLeft(ModelId indexed model, uint32 indexed seat, uint256 slot);

    /// @notice What seats and openers earned was paid from the pool.
    event Claimed(address indexed account, uint256 amount);

    /// @notice The panel's thresholds must lie above its seats' tolerances.
    error SeatsInvalidTolerances();

    /// @notice No panel of this model was opened. Call `openPanel` first.
    error SeatsNoPanel(ModelId model);

    /// @notice The panel is open already.
    error SeatsPanelOpen(ModelId model);

    /// @notice All slots of the panel are taken, or were left too short a time ago.
    error SeatsPanelFull(ModelId model);

    /// @notice The account has no seat with the whole seat stake. Call `stakeSeat`.
    error SeatsNotSeated(address owner);

    /// @notice The seat sits on this panel already.
    error SeatsAlreadyJoined(ModelId model, uint32 seat);

    /// @notice The seat left this panel a short time ago, and may come back at `joinableAt`.
    error SeatsTooSoon(ModelId model, uint32 seat, uint256 joinableAt);

    /// @notice The seat does not sit on this panel.
    error SeatsNotJoined(ModelId model, uint32 seat);

    /// @notice The caller is neither the seat's account nor one of its operator keys.
    error SeatsNotOperator(address owner, address caller);

    /// @notice The seat still sits on panels, or its stake must stay until `withdrawableAt`.
    error SeatsNotWithdrawable(address owner, uint256 panels, uint256 withdrawableAt);

    /// @notice The stake would be under the seat stake.
    error SeatsBelowStake(uint256 stake, uint256 seatStake);

    /// @notice There are as many seats as the court can number.
    error SeatsFull();

    /// @notice There is nothing to claim, or the pool is empty: fund it, collect fees, or claim later.
    error SeatsNothingToClaim(address account, uint256 credit);

    /// @notice Adds `amount` of the caller's market balance to its seat; the first time, this makes the seat.
    /// @return seat Its number, from 1.
    function stakeSeat(uint64 amount) external returns (uint32 seat);

    /// @notice Takes the whole stake back, once the seat has left all panels for long enough.
    function withdrawSeat() external;

    /// @notice Opens the panel of a model. Anyone may call.
    function openPanel(ModelTerms calldata terms) external returns (ModelId model);

    /// @notice Takes a slot on a model's panel for `owner`'s seat, its own of before if it had one and nothing can be drawn from
    /// it any more. By the account or an operator key of it.
    function joinPanel(address owner, ModelId model) external returns (uint256 slot);

    /// @notice Leaves a panel. By the account or an operator key of it.
    function leavePanel(address owner, ModelId model) external;

    /// @notice Says in the market whether the model is verified: whether enough seats are old enough. Anyone may call.
    function refreshPanel(ModelId model) external returns (bool verified);

    /// @notice Pays what an account earned, as far as the pool reaches. Anyone may call.
    /// @return paid Token units.
    function claim(address account) external returns (uint256 paid);

    /// @notice The number of an account's seat; zero if it has none.
    function seatOf(address owner) external view returns (uint32);

    /// @notice A seat by its number.
    function seatAt(uint32 seat) external view returns (Seat memory);

    /// @notice All slots of a panel.
    function panelOf(ModelId model) external view returns (PanelSlot[] memory);

    /// @notice By how much words on this model may differ; zeros if it has no panel.
    function tolerancesOf(ModelId model) external view returns (Tolerances memory);

    /// @notice What an account earned and did not claim yet. Token units.
    function creditOf(address account) external view returns (uint256);
}
