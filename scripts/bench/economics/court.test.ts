import { expect } from "chai";
import { seededRandom } from "./chance.ts";
import { type Evidence, judge, newSeats, type SeatKind, type Verdict } from "./court.ts";
import { RULES, WORLD } from "./economy.ts";
import { panelOdds } from "./odds.ts";

const CASES = 20_000;
/** Honest seats never err, so that the panel alone decides. */
const SURE = { ...WORLD, honestOutlier: 0 };

function shareOf(verdict: Verdict, hostile: Partial<Record<SeatKind, number>>, honest: number, evidence: Evidence) {
  const random = seededRandom(3);
  const seats = newSeats({ honest, ...hostile });
  let count = 0;
  for (let i = 0; i < CASES; i++) {
    count += judge(random, RULES, SURE, seats, evidence).verdict === verdict ? 1 : 0;
  }
  return count / CASES;
}

/** Four standard errors of a share of so many cases. */
const margin = (share: number) => 4 * Math.sqrt((share * (1 - share)) / CASES) + 1e-4;

describe("simulated panels", () => {
  for (const hostile of [4, 8, 12, 16]) {
    it(`convict a cheat that owns ${hostile} of 40 seats as often as is exact`, () => {
      const { convicted } = panelOdds(RULES, 40, hostile);
      const evidence: Evidence = { finding: "fault", isProtected: true };
      const simulated = shareOf("convicted", { colluding: hostile }, 40 - hostile, evidence);
      expect(simulated).to.be.closeTo(convicted, margin(convicted));
    });
  }

  it("convict the innocent as often as sixteen attackers of 40 are exactly six of nine", () => {
    const { taken } = panelOdds(RULES, 40, 16);
    const evidence: Evidence = { finding: "sound", isTarget: true, isAppealed: true };
    const simulated = shareOf("convicted", { attacking: 16 }, 24, evidence);
    expect(simulated).to.be.closeTo(taken, margin(taken));
  });

  it("find no quorum as often as sixteen absent of 40 leave exactly fewer than six of nine", () => {
    const { blocked } = panelOdds(RULES, 40, 16);
    const silent = shareOf("noQuorum", { absent: 16 }, 24, { finding: "fault" });
    expect(silent).to.be.closeTo(blocked, margin(blocked));
  });
});

describe("a simulated case", () => {
  it("pays three honest seats for an acquittal, and fines nobody", () => {
    const seats = newSeats({ honest: 12 });
    const result = judge(seededRandom(1), RULES, SURE, seats, { finding: "sound" });
    expect(result).to.deep.equal({ verdict: "acquitted", tier: 1, fees: 3 * RULES.seatFee, penalties: 0 });
  });

  it("fines whom tier two contradicts, and pays it nothing", () => {
    const seats = newSeats({ honest: 11, dissenting: 1 });
    const random = seededRandom(1);
    let result = judge(random, RULES, SURE, seats, { finding: "sound" });
    while (result.tier === 1) result = judge(random, RULES, SURE, seats, { finding: "sound" });
    const dissenter = seats.find(({ kind }) => kind === "dissenting");
    expect(result.verdict).to.equal("acquitted");
    expect(dissenter?.fees).to.equal(0);
    expect([RULES.contradictionPenalty, RULES.outlierPenalty]).to.include(dissenter?.penalties);
  });
});
