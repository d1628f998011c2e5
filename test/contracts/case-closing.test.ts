import { expect } from "chai";
import { CaseStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { all, challenged, closes, FIRST_TIER, GUILTY, HONEST, judged, opened, speak } from "./support/cases.ts";
import { AROUND_DEADLINE, pass, setNextTime } from "./support/clock.ts";
import { openCourtWorlds } from "./support/court-world.ts";

const newWorld = await openCourtWorlds();

describe("Closing a case", () => {
  it("is refused where there is none, and once it is closed", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await judged(world);
    const trial = await challenged(world, job, 3n);
    const missing = { ...trial, key: 4n };

    await expect(closes(world, missing)).to.be.revertedWithCustomError(court, "CaseWrongStatus");

    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);
    await closes(world, trial);
    await expect(closes(world, trial))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Closed);
  });

  it("is refused while the panel is not drawn", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    await speak(world, trial, all(FIRST_TIER, GUILTY));
    await closes(world, trial);

    await expect(closes(world, trial))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Pinned);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when} of a tier in which nobody spoke`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const trial = await opened(world);
      const { since } = await court.caseOf(trial.caseId);
      const deadline = since + BigInt(parameters.commitWindow + parameters.revealWindow);

      await setNextTime(world, deadline + offset);

      if (isAhead) {
        await expect(closes(world, trial))
          .to.be.revertedWithCustomError(court, "CaseTooEarly")
          .withArgs(trial.caseId, deadline);
      } else {
        await expect(closes(world, trial)).to.emit(court, "CasePinned");
      }
    });
  }

  it("is refused with another job's spec or frozen values", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);

    for (const wrong of [
      { ...trial, frozen: { ...trial.frozen, price: 1n } },
      { ...trial, spec: { ...trial.spec, items: 9n } },
    ]) {
      await expect(closes(world, wrong)).to.be.revertedWithCustomError(court, "CaseWrongJob");
    }
  });

  it("forgets seats and words, and keeps that it was closed", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);
    await closes(world, trial);

    expect([...(await court.seatsOf(trial.caseId))]).to.deep.equal(Array(12).fill(0n));
    for (const position of FIRST_TIER) {
      expect(await court.wordAt(trial.caseId, position)).to.equal(`0x${"00".repeat(32)}`);
    }
  });
});
