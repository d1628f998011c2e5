import { COURT_MUTANTS } from "./court.ts";

/** One fault put into a contract, that a test must notice. */
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const JOBS = "contracts/market/Jobs.sol";
const STAKING = "contracts/market/Staking.sol";
const LEDGER = "contracts/market/Ledger.sol";
const AGREEMENTS = "contracts/market/Agreements.sol";
const DEADLINES = "contracts/libraries/DeadlineLib.sol";
const FEES = "contracts/libraries/FeeLib.sol";

/** Faults in the code that moves money, each the kind of slip that a change could make. */
export const MUTANTS: readonly Mutant[] = [
  // Deadlines by a second.
  { file: DEADLINES, from: "block.timestamp < deadline", to: "block.timestamp <= deadline" },
  { file: DEADLINES, from: "block.timestamp >= deadline", to: "block.timestamp > deadline" },
  { file: JOBS, from: "late = (uint256(job.since) + DECLINE_GRACE).hasPassed()", to: "late = false" },
  { file: JOBS, from: "if ((uint256(job.since) + frozen.challengeWindow).isAhead())", to: "if (false)" },
  { file: STAKING, from: "bool due = uint256(u.withdrawableAt).hasPassed();", to: "bool due = true;" },
  { file: LEDGER, from: "amount > 0 && releasableAt.hasPassed()", to: "amount > 0" },
  { file: AGREEMENTS, from: "require(uint256(validUntil).isAhead(), QuoteExpired(validUntil));", to: "" },
  // Rounding and shares.
  { file: FEES, from: "Math.ceilDiv(amount * basisPoints, BASIS_POINTS)", to: "(amount * basisPoints) / BASIS_POINTS" },
  {
    file: FEES,
    from: "return (amount * basisPoints) / BASIS_POINTS;",
    to: "return Math.ceilDiv(amount * basisPoints, BASIS_POINTS);",
  },
  { file: FEES, from: "Math.max(floor,", to: "Math.min(floor," },
  {
    file: STAKING,
    from: "Math.ceilDiv(uint256(a.exposure) * FeeLib.BASIS_POINTS, EXPOSURE_SHARE)",
    to: "(uint256(a.exposure) * FeeLib.BASIS_POINTS) / EXPOSURE_SHARE",
  },
  { file: STAKING, from: ": Math.max(MIN_STAKE,", to: ": Math.max(0," },
  { file: STAKING, from: "awarded <= taken / 2", to: "awarded <= taken" },
  { file: STAKING, from: "_credit(BURN_ACCOUNT, taken - awarded);", to: "_credit(BURN_ACCOUNT, taken);" },
  // Exposure.
  { file: JOBS, from: "        _unexpose(frozen.provider, spec.price, 0, 0);\n", to: "" },
  { file: JOBS, from: "        _unexpose(provider, spec.price, 0, 0);\n", to: "" },
  { file: STAKING, from: "a.exposure -= price;", to: "" },
  { file: STAKING, from: "require(exposure <= cap,", to: "require(exposure <= cap + price," },
  { file: STAKING, from: "require(staked >= MIN_STAKE,", to: "require(staked + 1 >= MIN_STAKE," },
  { file: STAKING, from: "Math.saturatingSub(a.stake, bound)", to: "a.stake" },
  // Money made or lost.
  { file: STAKING, from: "a.fees += fee;", to: "a.fees = fee;" },
  { file: STAKING, from: "a.balance += paid;", to: "a.balance += paid + fee;" },
  { file: STAKING, from: "u.amount -= uint64(fromUnbonding);", to: "" },
  { file: STAKING, from: "delete _unbondings[provider];", to: "" },
  { file: STAKING, from: "        a.stake -= uint64(amount);\n", to: "" },
  { file: LEDGER, from: "bucket.amount -= amount;", to: "" },
  { file: LEDGER, from: "bucket.leaving = 0;", to: "" },
  { file: LEDGER, from: "a.fees = 0;", to: "" },
  { file: LEDGER, from: "bucket.leaving = uint64(Math.min(bucket.leaving, rest));", to: "" },
  { file: LEDGER, from: "bucket.amount = uint64(rest);", to: "" },
  { file: LEDGER, from: "require(received == amount,", to: "require(received <= amount," },
  { file: AGREEMENTS, from: "        _debit(spec.client, spec.price);\n", to: "" },
  { file: AGREEMENTS, from: "        _debitReserve(spec.client, spec.price);\n", to: "" },
  // Who may, when, and what.
  { file: AGREEMENTS, from: "require(signer.isValid(digest, signature), InvalidSignature(signer));", to: "" },
  {
    file: AGREEMENTS,
    from: "require(isOperator(spec.provider, signer), StakingNotOperator(spec.provider, signer));",
    to: "",
  },
  { file: AGREEMENTS, from: "require(msg.sender == spec.client, JobNotClient(spec.client, msg.sender));", to: "" },
  { file: JOBS, from: "require(job.digest == frozen.digest(), JobWrongFrozen(id));", to: "" },
  { file: JOBS, from: "else if (job.digest != frozen.digest()) obstacle = Obstacle.WrongFrozen;", to: "" },
  { file: JOBS, from: "_store(id, JobStatus.Settled, 0);", to: "_store(id, JobStatus.Submitted, job.digest);" },
  { file: JOBS, from: "_store(id, JobStatus.Refunded, 0);", to: "_store(id, JobStatus.Open, 0);" },
  { file: JOBS, from: "if (draw == Draw.Pending) return (Obstacle.DrawPending, Outcome.None);", to: "" },
  { file: JOBS, from: "require(outcome >= Outcome.Withheld,", to: "require(outcome >= Outcome.NoShow," },
  {
    file: JOBS,
    from: "bool named = spec.provider == provider || spec.provider == address(0);",
    to: "bool named = true;",
  },
  { file: STAKING, from: "if (validUntil < timestamp) validUntil = timestamp;", to: "" },
  {
    file: STAKING,
    from: "require(valid, StakingOperatorKeyEnded",
    to: "require(valid || true, StakingOperatorKeyEnded",
  },
  ...COURT_MUTANTS,
];
