import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { SignedOrder } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { NodeSettings } from "../../../../provider-node/src/assembly.ts";

/** Where a node is to be killed: at a line of its log. */
export interface CrashPoint {
  readonly message: string;
  /** How the stage or the transaction's purpose begins. */
  readonly of?: string;
  /** Of an item. */
  readonly index?: number;
}

/** What a test asks of a node's process. */
export type ToChild =
  | {
      readonly type: "start";
      readonly config: NodeSettings;
      readonly crashAt: readonly CrashPoint[];
      readonly msPerToken: number;
      /** Which development account is the node's key. */
      readonly account: number;
    }
  | { readonly type: "order"; readonly order: SignedOrder; readonly requests: readonly Uint8Array[] }
  | { readonly type: "shown"; readonly job: Hex };

/** What a node's process says. */
export type FromChild =
  | { readonly type: "started" }
  | { readonly type: "failed"; readonly code: string }
  | { readonly type: "answer"; readonly job?: Hex; readonly code?: string; readonly isShown?: boolean };

/** How a process is started. */
export interface ProcessOptions {
  readonly config: NodeSettings;
  readonly crashAt?: readonly CrashPoint[];
  readonly msPerToken?: number;
  /** Which development account is the node's key; the provider's operator unless said otherwise. */
  readonly account?: number;
}

/** A node in a process of its own, which can be killed. */
export class NodeProcess {
  readonly #child: ChildProcess;
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string | number>;
  /** The first thing it said. */
  readonly begun: Promise<FromChild | undefined>;
  /** The code of the error that ended it by itself. */
  failure: string | undefined;

  constructor({ config, crashAt = [], msPerToken = 1, account = 3 }: ProcessOptions) {
    this.#child = fork(path.join(import.meta.dirname, "child.ts"), { serialization: "advanced" });
    this.ended = once(this.#child, "exit").then(([code, signal]: (string | number)[]) => signal ?? code ?? 0);
    const first = once(this.#child, "message").then(([message]) => message as FromChild);
    this.begun = Promise.race([first, this.ended.then(() => undefined)]);
    this.#child.on("message", (message: FromChild) => {
      if (message.type === "failed") {
        this.failure = message.code;
      }
    });
    this.#child.send({ type: "start", config, crashAt, msPerToken, account } satisfies ToChild);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ask(message: ToChild): Promise<Extract<FromChild, { type: "answer" }>> {
    await this.begun;
    const answer = once(this.#child, "message");
    this.#child.send(message);
    const [reply] = (await answer) as [Extract<FromChild, { type: "answer" }>];
    return reply;
  }

  /** Ends the process; SIGTERM lets it drain. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<string | number> {
    this.#child.kill(signal);
    return await this.ended;
  }

  /** Stops and resumes it, as a machine that sleeps does. */
  pause(isPaused: boolean): void {
    this.#child.kill(isPaused ? "SIGSTOP" : "SIGCONT");
  }
}
