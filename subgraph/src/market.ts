// The handlers of what a market tells.
export { handleCollected, handleEncumbered, handlePaid, handlePoolPaid } from "./court-account";
export {
  handleJobAccepted,
  handleJobLocked,
  handleJobPosted,
  handleJobRefunded,
  handleJobReleased,
  handleJobSettled,
  handleJobSkipped,
  handleJobSubmitted,
} from "./jobs";
export {
  handleDeposited,
  handleFeesCollected,
  handlePoolFunded,
  handleReleased,
  handleReleaseRequested,
  handleReserved,
  handleReserveSpent,
  handleWithdrawn,
} from "./ledger";
export { handleModelVerified } from "./models";
export { handleOperatorSet, handleProviderUpdated } from "./providers";
export {
  handleAwarded,
  handlePenaltyPooled,
  handleSlashed,
  handleStaked,
  handleStakeWithdrawn,
  handleUnstakeRequested,
} from "./staking";
