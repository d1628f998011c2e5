import { expect } from "chai";
import { CaseStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { encodeWord } from "../../client-sdk/src/protocol/word.ts";
import {
  all,
  closes,
  commits,
  escalated,
  FIRST_TIER,
  GUILTY,
  HONEST,
  judged,
  opened,
  reveals,
  type Said,
  SECOND_TIER,
  sealWord,
  seated,
  seatsAt,
  sitterOf,
  speak,
  trialOf,
} from "./support/cases.ts";
import { AROUND_DEADLINE, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, openCourtWorlds } from "./support/court-world.ts";
import { usd, ZERO_HASH } from "./support/world.ts";

const newWorld = await openCourtWorlds();
/** A position so high that arithmetic with it would overflow. */
const FAR = 2n ** 255n;

describe("Committing to a word", () => {
  it("is told, and the last commit of a tier opens the reveals", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    const [seat] = await seatsAt(world, trial, [0]);
    const { commitment } = await sealWord(world, trial, 0, HONEST);

    await expect(court.connect(await sitterOf(world, trial, 0)).commit(trial.caseId, 0, commitment))
      .to.emit(court, "WordCommitted")
      .withArgs(trial.caseId, seat, 0, commitment);
    expect(await court.wordAt(trial.caseId, 0)).to.equal(commitment);
    for (const position of [1, 2]) await commits(world, trial, position, HONEST);

    const { status, committed } = await court.caseOf(trial.caseId);
    expect([status, committed]).to.deep.equal([BigInt(CaseStatus.Reveal), 7n]);
  });

  it("is for the seat's account and its operator keys", async () => {
    const world = await newWorld();
    const { court, market, friend } = world;
    const trial = await opened(world);
    const sitter = await sitterOf(world, trial, 0);
    const { commitment } = await sealWord(world, trial, 0, HONEST);

    await expect(court.connect(friend).commit(trial.caseId, 0, commitment))
      .to.be.revertedWithCustomError(court, "CaseNotSeat")
      .withArgs(trial.caseId, 0, friend);

    await market.connect(sitter).setOperator(friend, 2n ** 40n - 1n);
    await expect(court.connect(friend).commit(trial.caseId, 0, commitment)).to.emit(court, "WordCommitted");
  });

  it("is refused at another position than the seat's own, at none, and at one of the other tier", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    const sitter = await sitterOf(world, trial, 0);

    for (const position of [1n, 3n, 12n, 255n, 256n, FAR]) {
      await expect(court.connect(sitter).commit(trial.caseId, position, ZERO_HASH))
        .to.be.revertedWithCustomError(court, "CaseNotSeat")
        .withArgs(trial.caseId, position, sitter);
    }
    await escalated(world, trial);
    await expect(court.connect(sitter).commit(trial.caseId, 0, ZERO_HASH))
      .to.be.revertedWithCustomError(court, "CaseNotSeat")
      .withArgs(trial.caseId, 0, sitter);
  });

  it("happens once a position", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    await commits(world, trial, 1, HONEST);

    await expect(court.connect(await sitterOf(world, trial, 1)).commit(trial.caseId, 1, ZERO_HASH))
      .to.be.revertedWithCustomError(court, "CaseAlreadyCommitted")
      .withArgs(trial.caseId, 1);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} of the window`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const trial = await opened(world);
      const { since } = await court.caseOf(trial.caseId);
      const deadline = since + BigInt(parameters.commitWindow);
      const { commitment } = await sealWord(world, trial, 0, HONEST);
      const sitter = await sitterOf(world, trial, 0);

      await setNextTime(world, deadline + offset);
      const commit = court.connect(sitter).commit(trial.caseId, 0, commitment);

      if (isAhead) await expect(commit).to.emit(court, "WordCommitted");
      else {
        await expect(commit).to.be.revertedWithCustomError(court, "CaseTooLate").withArgs(trial.caseId, deadline);
      }
    });
  }

  it("is refused where no case is, while none is seated, and once words are revealed", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await judged(world);
    const { caseId } = trialOf(job, 5n);
    const commit = () => court.commit(caseId, 0, ZERO_HASH);

    await expect(commit()).to.be.revertedWithCustomError(court, "CaseWrongStatus").withArgs(caseId, CaseStatus.None);
    await court.connect(client).challenge(job.spec, job.frozen, 5n);
    await expect(commit()).to.be.revertedWithCustomError(court, "CaseWrongStatus").withArgs(caseId, CaseStatus.Pinned);
    await seated(world, trialOf(job, 5n));
    for (const position of FIRST_TIER) await commits(world, trialOf(job, 5n), position, HONEST);
    await expect(commit()).to.be.revertedWithCustomError(court, "CaseWrongStatus").withArgs(caseId, CaseStatus.Reveal);
  });
});

describe("Revealing a word", () => {
  it("is told, may be done by anyone who knows it, and the last of a tier ends the reveals", async () => {
    const world = await newWorld();
    const { court, friend } = world;
    const trial = await opened(world);
    const [seat] = await seatsAt(world, trial, [1]);
    const said = await commitAll(world, trial);

    await expect(court.connect(friend).reveal(trial.caseId, 1, encodeWord(HONEST), (said[1] as Said).salt))
      .to.emit(court, "WordRevealed")
      .withArgs(trial.caseId, seat, 1, encodeWord(HONEST));
    expect(await court.wordAt(trial.caseId, 1)).to.equal(encodeWord(HONEST));
    for (const position of [0, 2]) await reveals(world, trial, said[position] as Said);

    const { status, revealed } = await court.caseOf(trial.caseId);
    expect([status, revealed]).to.deep.equal([BigInt(CaseStatus.Revealed), 7n]);
  });

  it("is refused with another word, salt or position, and twice", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    const [said] = (await commitAll(world, trial)) as [Said];

    for (const wrong of [
      { ...said, word: encodeWord(GUILTY) },
      { ...said, salt: `0x${"33".repeat(32)}` as const },
      { ...said, position: 1 },
      { ...said, position: 3 },
      { ...said, position: 256 },
    ]) {
      await expect(reveals(world, trial, wrong))
        .to.be.revertedWithCustomError(court, "CaseWrongReveal")
        .withArgs(trial.caseId, wrong.position);
    }
    await expect(court.reveal(trial.caseId, FAR, said.word, said.salt))
      .to.be.revertedWithCustomError(court, "CaseWrongReveal")
      .withArgs(trial.caseId, FAR);
    await reveals(world, trial, said);
    await expect(reveals(world, trial, said))
      .to.be.revertedWithCustomError(court, "CaseWrongReveal")
      .withArgs(trial.caseId, 0);
  });

  it("is refused to a seat that did not commit: nobody copies what the others revealed", async () => {
    const world = await newWorld();
    const { court, parameters } = world;
    const trial = await opened(world);
    const said = await commits(world, trial, 0, HONEST);
    await pass(world, parameters.commitWindow);
    await reveals(world, trial, said);

    await expect(reveals(world, trial, { ...said, position: 1 }))
      .to.be.revertedWithCustomError(court, "CaseWrongReveal")
      .withArgs(trial.caseId, 1);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when} of the commits, where not all have committed`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const trial = await opened(world);
      const { since } = await court.caseOf(trial.caseId);
      const opening = since + BigInt(parameters.commitWindow);
      const said = await commits(world, trial, 0, HONEST);

      await setNextTime(world, opening + offset);
      const reveal = reveals(world, trial, said);

      if (isAhead) {
        await expect(reveal).to.be.revertedWithCustomError(court, "CaseTooEarly").withArgs(trial.caseId, opening);
      } else await expect(reveal).to.emit(court, "WordRevealed");
    });

    it(`is ${isAhead ? "in time" : "too late"} ${when} of the reveals`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const trial = await opened(world);
      const [said] = (await commitAll(world, trial)) as [Said];
      const { since } = await court.caseOf(trial.caseId);
      const deadline = since + BigInt(parameters.revealWindow);

      await setNextTime(world, deadline + offset);
      const reveal = reveals(world, trial, said);

      if (isAhead) await expect(reveal).to.emit(court, "WordRevealed");
      else {
        await expect(reveal).to.be.revertedWithCustomError(court, "CaseTooLate").withArgs(trial.caseId, deadline);
      }
    });
  }

  it("is refused where there is no case, and once all are revealed", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    const said = await commitAll(world, trial);
    for (const one of said) await reveals(world, trial, one);

    await expect(reveals(world, trial, said[0] as Said))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Revealed);
    const none = trialOf(trial, 9n);
    await expect(reveals(world, none, said[0] as Said))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(none.caseId, CaseStatus.None);
  });
});

describe("Denouncing a seat that told its word before the reveals", () => {
  it("takes its whole stake, burns at least half of it, and empties its place", async () => {
    const world = await newWorld();
    const { court, friend } = world;
    const trial = await opened(world);
    const [seat] = await seatsAt(world, trial, [1]);
    const said = await commits(world, trial, 1, HONEST);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.connect(friend).denounce(trial.caseId, 1, said.word, said.salt))
        .to.emit(court, "SeatDenounced")
        .withArgs(trial.caseId, seat, friend);
    });

    const { "friend.balance": bounty, "burned.balance": burned, ...rest } = moves;
    expect(rest).to.deep.equal({ "court.balance": -usd(50), [`seat${seat}.stake`]: -usd(50) });
    expect((bounty ?? 0n) + (burned ?? 0n)).to.equal(usd(50));
    expect(burned).to.be.at.least(usd(25));
    expect((await court.seatsOf(trial.caseId))[1]).to.equal(0n);
    expect(await court.wordAt(trial.caseId, 1)).to.equal(ZERO_HASH);
    expect((await court.caseOf(trial.caseId)).committed).to.equal(0n);
  });

  it("leaves tier one without unanimity: tier two judges, with nine others", async () => {
    const world = await newWorld();
    const { court, friend, parameters } = world;
    const trial = await opened(world);
    const told = await commits(world, trial, 1, HONEST);
    const others = [await commits(world, trial, 0, HONEST)];
    await court.connect(friend).denounce(trial.caseId, 1, told.word, told.salt);
    others.push(await commits(world, trial, 2, HONEST));
    // With the place emptied, the two that are left are all.
    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Reveal);
    for (const said of others) await reveals(world, trial, said);
    await pass(world, parameters.revealWindow);

    await expect(closes(world, trial)).to.emit(court, "CasePinned");
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, HONEST));
    await expect(closes(world, trial)).to.emit(court, "CaseClosed");
  });

  it("leaves the seat out of later panels, for it has no whole stake", async () => {
    const world = await newWorld();
    const { court, friend } = world;
    const trial = await opened(world);
    const [seat] = await seatsAt(world, trial, [1]);
    const told = await commits(world, trial, 1, HONEST);
    await court.connect(friend).denounce(trial.caseId, 1, told.word, told.salt);
    await escalated(world, trial, all([0, 2], GUILTY));

    expect(await seatsAt(world, trial, SECOND_TIER)).not.to.include(seat);
  });

  it("is refused with what the seat did not commit to, and where it did not commit", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    const said = await commits(world, trial, 1, HONEST);

    for (const [position, word] of [
      [1, encodeWord(GUILTY)],
      [0, said.word],
      [12, said.word],
      [FAR, said.word],
    ] as const) {
      await expect(court.denounce(trial.caseId, position, word, said.salt))
        .to.be.revertedWithCustomError(court, "CaseWrongReveal")
        .withArgs(trial.caseId, position);
    }
  });

  it("is refused once the reveals are open, and where there is no case", async () => {
    const world = await newWorld();
    const { court, parameters } = world;
    const trial = await opened(world);
    const said = await commits(world, trial, 1, HONEST);
    await pass(world, parameters.commitWindow);

    await expect(court.denounce(trial.caseId, 1, said.word, said.salt))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Commit);
    const none = trialOf(trial, 9n);
    await expect(court.denounce(none.caseId, 1, said.word, said.salt))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(none.caseId, CaseStatus.None);
  });
});

/** All of tier one commit to the honest word. */
async function commitAll(world: CourtWorld, trial: Parameters<typeof commits>[1]): Promise<Said[]> {
  const said: Said[] = [];
  for (const position of FIRST_TIER) said.push(await commits(world, trial, position, HONEST));
  return said;
}
