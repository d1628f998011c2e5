import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { ReceiptEnvelope } from "@touchstone/sdk/protocol";
import type { NodeSettings } from "../../../../provider-node/src/assembly.ts";
import type { LiveTerms } from "../../../../provider-node/src/live/desk.ts";

/** Where a node is to be killed: at a line of its log about transactions of a purpose. */
export interface LiveCrash {
  readonly message: string;
  /** How the purpose begins. */
  readonly purpose: string;
}

/** What a test asks of a node's process. */
export type ToLiveChild =
  | { readonly type: "start"; readonly config: NodeSettings; readonly crashAt: LiveCrash | undefined }
  | { readonly type: "pay"; readonly header: string; readonly text: string }
  | { readonly type: "refund"; readonly header: string };

/** What a node's process says. `kind`: of the admission, or why it was refused. */
export type FromLiveChild =
  | { readonly type: "started"; readonly terms: LiveTerms }
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "answer"; readonly kind: string; readonly envelope?: ReceiptEnvelope };

type Answer = Extract<FromLiveChild, { type: "answer" }>;

/** A node that sells live calls in a process of its own, which can be killed. */
export class LiveProcess {
  readonly terms: LiveTerms;
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string | number>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ended: Promise<string | number>, terms: LiveTerms) {
    this.#child = child;
    this.ended = ended;
    this.terms = terms;
  }

  /** @param crashAt Where it is killed; left out: nowhere. */
  static async start(config: NodeSettings, crashAt?: LiveCrash): Promise<LiveProcess> {
    const child = fork(path.join(import.meta.dirname, "live-child.ts"), { serialization: "advanced" });
    const ended = once(child, "exit").then(([code, signal]: (string | number)[]) => signal ?? code ?? 0);
    child.send({ type: "start", config, crashAt } satisfies ToLiveChild);
    const [first] = (await Promise.race([once(child, "message"), ended.then((end) => [end])])) as [unknown];
    const said = first as FromLiveChild;
    if (typeof first !== "object" || said.type !== "started") {
      throw new Error(`The node did not start: ${JSON.stringify(first)}`);
    }
    return new LiveProcess(child, ended, said.terms);
  }

  /** What it answers; nothing if it dies first. */
  async ask(message: ToLiveChild): Promise<Answer | undefined> {
    const answer = once(this.#child, "message").then(([reply]) => reply as Answer);
    this.#child.send(message);
    return await Promise.race([answer, this.ended.then(() => undefined)]);
  }

  /** Ends the process; SIGTERM lets it claim first. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<string | number> {
    this.#child.kill(signal);
    return await this.ended;
  }
}
