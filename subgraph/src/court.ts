// The handlers of what a court tells.
export { handleBondExitRequested, handleBondPosted, handleBondSlashed, handleBondWithdrawn } from "./bonds";
export {
  handleCaseAppealed,
  handleCaseClosed,
  handleCaseOpened,
  handleCasePinned,
  handleCaseSeated,
} from "./cases";
export { handleAnswered, handleDemandEnded, handleDemanded } from "./demands";
export { handlePanelJoined, handlePanelLeft, handlePanelOpened } from "./panels";
export { handleDoubleReceiptProven, handleReceiptBrought } from "./receipts";
export { handleClaimed, handleSeatPenalised, handleSeatStaked, handleSeatWithdrawn } from "./seats";
export { handleMarketBound } from "./setup";
export { handleSeatDenounced, handleWordCommitted, handleWordRevealed } from "./words";
