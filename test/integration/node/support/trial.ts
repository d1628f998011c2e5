import { type ModelTerms, Outcome, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Hex } from "viem";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import { ACCOUNTS, drawnCase, FIRST_SEAT, openPanel, runSeat, SWIFT_COURT, seatSettings } from "./bench.ts";
import { type Face, startFace } from "./face.ts";
import { type CrashPoint, NodeProcess } from "./process.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "./running.ts";
import { prompts, World } from "./world.ts";

/** What a case may take on a busy machine. */
export const TRIAL_MS = 120_000;

/** A job whose case is open. */
export interface OpenCase {
  readonly job: Hex;
  /** Indices of the seats that were drawn. */
  readonly drawn: readonly number[];
}

/**
 * A provider whose every job is drawn, and a panel of twelve, of whom only those run that a case draws: they catch up with
 * the chain first, as after an outage.
 */
export class Trial {
  readonly world: World;
  readonly face: Face;
  node: NodeUnderTest;
  readonly #engine: Engine;
  readonly #running: { stop(): Promise<unknown> }[] = [];

  private constructor(world: World, face: Face, node: NodeUnderTest, engine: Engine) {
    this.world = world;
    this.face = face;
    this.node = node;
    this.#engine = engine;
  }

  static async start(engine: Engine, terms: ModelTerms): Promise<Trial> {
    const world = await World.start({ blockTime: 0.5, accounts: ACCOUNTS, court: SWIFT_COURT });
    await openPanel(world, terms, 12);
    const node = await runNode(world, [engine], { pollIntervalMs: 200 });
    return new Trial(world, await startFace(world, node), node, engine);
  }

  async close(): Promise<void> {
    await this.rest();
    await this.node.stop();
    await this.face.close();
    await this.world.close();
  }

  /** Stops the seats, and has the provider's server honest again. */
  async rest(): Promise<void> {
    this.face.setMood("honest");
    await Promise.all(this.#running.splice(0).map((one) => one.stop()));
  }

  /** Starts the provider's node again after it was stopped. */
  async revive(): Promise<void> {
    this.node = await runNode(this.world, [this.#engine], { pollIntervalMs: 200 });
    this.face.show(this.node);
  }

  /** Has a job done and its case opened, which the provider's node does itself. */
  async open(requests: readonly Uint8Array[] = prompts(3, 6)): Promise<OpenCase> {
    await this.node.inputs.save(requests, 0);
    const job = await this.world.post(await this.world.spec(this.#engine.model.id, { requests }));
    const seats = await until(
      () => this.world.readCourt<number[]>("seatsOf", [drawnCase(job)]),
      ([first]) => first !== 0,
      TRIAL_MS,
    );
    return { job, drawn: seats.filter(Boolean).map((seat) => seat - 1) };
  }

  /** Starts the nodes of seats, which judge with the provider's engine or another of the same model. */
  async seat(indices: readonly number[], engine = this.#engine): Promise<void> {
    this.#running.push(...(await Promise.all(indices.map((index) => runSeat(this.world, index, engine)))));
  }

  /** Starts the node of a seat in a process, lets it be killed at a point of its work, and starts it again. */
  async kill(index: number, point: CrashPoint): Promise<void> {
    const config = { ...settingsFor(this.world), ...seatSettings(this.world, index) };
    const account = FIRST_SEAT + index;
    const victim = new NodeProcess({ config, crashAt: [point], account });
    expect(await victim.ended).to.equal("SIGKILL");
    const again = new NodeProcess({ config, account });
    this.#running.push({ stop: () => again.kill("SIGTERM") });
  }

  untilStory(job: Hex, holds: (story: string[]) => boolean): Promise<string[]> {
    return until(() => this.world.storyOfCase(drawnCase(job)), holds, TRIAL_MS);
  }

  /** The case and the job end well: three words, all revealed by who committed to them, and nobody fined. */
  async expectAcquitted(job: Hex): Promise<void> {
    const { world } = this;
    const story = await this.untilStory(job, (seen) => seen.includes("CaseClosed"));
    const count = (name: string) => story.filter((event) => event === name).length;
    expect([count("WordCommitted"), count("WordRevealed"), count("SeatPenalised")]).to.deep.equal([3, 3, 0]);
    expect(await world.verdictOf(drawnCase(job))).to.equal(Verdict.Acquitted);
    const outcome = await until(
      () => world.outcomeOf(job),
      (seen) => seen !== undefined,
      TRIAL_MS,
    );
    expect(outcome).to.equal(Outcome.Completed);
  }
}
