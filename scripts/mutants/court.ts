import type { Mutant } from "./mutants.ts";

const WORDS_LIB = "contracts/libraries/WordLib.sol";
const MODELS = "contracts/libraries/ModelLib.sol";
const BENCH = "contracts/court/Bench.sol";
const CASES = "contracts/court/Cases.sol";
const SEATS = "contracts/court/Seats.sol";
const WORDS = "contracts/court/Words.sol";
const VERDICTS = "contracts/court/Verdicts.sol";
const DOCKETS = "contracts/court/Dockets.sol";
const CHALLENGES = "contracts/court/Challenges.sol";
const SURETIES = "contracts/court/Sureties.sol";
const BONDS = "contracts/court/Bonds.sol";
const RECEIPTS = "contracts/court/Receipts.sol";
const DEMANDS = "contracts/court/Demands.sol";

/** Faults in the court, each the kind of slip that a change could make. */
export const COURT_MUTANTS: readonly Mutant[] = [
  // Words, cases and models.
  { file: WORDS_LIB, from: "squares <= t.probeTolerance", to: "squares < t.probeTolerance" },
  { file: WORDS_LIB, from: "if (lane(word, 0) != lane(center, 0)) return false;", to: "" },
  { file: WORDS_LIB, from: "return isWrongSample || lane", to: "return isWrongSample && lane" },
  { file: MODELS, from: "t.marginThreshold > t.marginTolerance", to: "t.marginThreshold >= t.marginTolerance" },
  // Who may judge.
  { file: BENCH, from: "if (uint256(slot.joinedAt) + SEAT_MIN_AGE > submittedAt) return 0;", to: "" },
  { file: BENCH, from: "if (slot.leftAt != 0 && !_staysAfter(slot.leftAt, submittedAt)) return 0;", to: "" },
  { file: BENCH, from: "if (CaseLib.isSeated(packed, seat)) seat = 0;", to: "" },
  {
    file: CASES,
    from: "if (seats[(isSecond ? CaseLib.QUORUM : CaseLib.FIRST_TIER_SEATS) - 1] == 0) return new uint32[](0);",
    to: "",
  },
  { file: SEATS, from: "bool isFree = service.panels == 0 &&", to: "bool isFree = service.panels < 2 &&" },
  // Phases and verdicts.
  {
    file: WORDS,
    from: "uint256 deadline = opening + REVEAL_WINDOW;",
    to: "uint256 deadline = opening + REVEAL_WINDOW + 1;",
  },
  { file: WORDS, from: "if (c.revealed & seated == seated) {", to: "if (c.revealed == seated) {" },
  { file: VERDICTS, from: "require(deadline.hasPassed(), CaseTooEarly(caseId, deadline));", to: "" },
  { file: VERDICTS, from: "if (job.status == JobStatus.Rejected) {", to: "if (false) {" },
  { file: VERDICTS, from: "uint256 tier = c.revealed & _positionsOf(2);", to: "uint256 tier = c.revealed;" },
  {
    file: VERDICTS,
    from: "if (_count(near & tier) < CaseLib.QUORUM)",
    to: "if (_count(near & tier) + 1 < CaseLib.QUORUM)",
  },
  { file: VERDICTS, from: "contradicted: uint16(away & ~tier)", to: "contradicted: 0" },
  // Fines, pay and holds.
  { file: DOCKETS, from: "if (c.tier == 2) _market.disencumber(frozen.provider, _weight());", to: "" },
  { file: DOCKETS, from: "isCutShort ? _positionsOf(c.tier) : 0", to: "0" },
  { file: DOCKETS, from: "bond : Math.min(bond, fees);", to: "bond : 0;" },
  { file: DOCKETS, from: "tally.fees -= toPool;", to: "tally.fees = 0;" },
  { file: DOCKETS, from: "if (consolation > 0) _market.pay(frozen.provider, consolation);", to: "" },
  {
    file: DOCKETS,
    from: "return hasCommitted ? CONTRADICTION_PENALTY : ABSENT_PENALTY;",
    to: "return ABSENT_PENALTY;",
  },
  { file: DOCKETS, from: "else if (!isEnded) _market.releaseJob", to: "else if (isEnded) _market.releaseJob" },
  { file: WORDS, from: "_market.pay(msg.sender, taken / 5);", to: "_market.pay(msg.sender, taken / 2);" },
  { file: CHALLENGES, from: "c.bond += bond;", to: "c.bond = bond;" },
  { file: SEATS, from: "_credits[account] = credit - paid;", to: "_credits[account] = 0;" },
  // Demands.
  {
    file: DEMANDS,
    from: "require(open.demander != address(0) && isOfJob,",
    to: "require(open.demander != address(0) || !isOfJob,",
  },
  { file: DEMANDS, from: "require(uint256(open.answerBy).isAhead(), DemandTooLate(key, open.answerBy));", to: "" },
  { file: DEMANDS, from: "bool isDue = isEnded || uint256(open.answerBy).hasPassed();", to: "bool isDue = true;" },
  {
    file: DEMANDS,
    from: "_market.pay(isForCase ? open.demander : msg.sender, DEMAND_DEPOSIT);",
    to: "_market.pay(msg.sender, DEMAND_DEPOSIT);",
  },
  { file: DEMANDS, from: "++c.nextItem;", to: "" },
  // Receipts and live bonds.
  { file: CASES, from: "frozen.verified && spec.flags & JobSpecLib.RECEIPT == 0", to: "frozen.verified" },
  { file: DOCKETS, from: "verdict == Verdict.NoQuorum && !_isReceipt(spec)", to: "verdict == Verdict.NoQuorum" },
  { file: DOCKETS, from: "_receiptJobs[id].status = JobStatus.Rejected;", to: "" },
  { file: SURETIES, from: "--_bonds[provider].openCases;", to: "" },
  { file: SURETIES, from: "if (_receiptJobs[id].status == JobStatus.InCase)", to: "" },
  { file: SURETIES, from: "Math.max(MIN_BOND,", to: "Math.min(MIN_BOND," },
  { file: SURETIES, from: "if (isJudged) toPayer +=", to: "toPayer +=" },
  { file: SURETIES, from: "toPool = Math.min(fees, slashed / 10);", to: "toPool = Math.min(fees, slashed / 2);" },
  { file: SURETIES, from: "bond.leaving = uint64(Math.min(bond.leaving, rest));", to: "" },
  { file: BONDS, from: ".hasPassed() && bond.openCases == 0;", to: ".hasPassed();" },
  { file: BONDS, from: "uint64 available = bond.amount - bond.leaving;", to: "uint64 available = bond.amount;" },
  { file: RECEIPTS, from: "require(issuedAt.hasPassed(), ReceiptTooEarly(issuedAt));", to: "" },
  { file: RECEIPTS, from: "require(_receiptJobs[id].status == JobStatus.None, ReceiptAlreadyBrought(id));", to: "" },
  { file: RECEIPTS, from: "issuedAt < key.validUntil", to: "issuedAt <= key.validUntil" },
  { file: RECEIPTS, from: "_knownDoubles[call] = true;", to: "" },
  { file: RECEIPTS, from: "&& a.hash() != b.hash()", to: "" },
  { file: RECEIPTS, from: "_requireSigned(b, operatorB, signatureB);", to: "" },
  { file: RECEIPTS, from: "Math.max(a.amount, b.amount)", to: "a.amount" },
];
