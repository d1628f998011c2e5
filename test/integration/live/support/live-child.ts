// A node that sells live calls in a process of its own, steered by messages from the test that started it.
import { encodeRequest, type ItemOutput } from "@touchstone/sdk/protocol";
import { systemClock } from "../../../../provider-node/src/clock.ts";
import type { LiveDesk } from "../../../../provider-node/src/live/desk.ts";
import type { LogData, Logger } from "../../../../provider-node/src/logger.ts";
import { startNode } from "../../../../provider-node/src/node.ts";
import { SmallEngine } from "../../node/support/engine.ts";
import { until } from "../../node/support/running.ts";
import { accountAt } from "../../node/support/world.ts";
import type { FromLiveChild, LiveCrash, ToLiveChild } from "./live-process.ts";

const RESOURCE = "http://node/v1";
const send = (message: FromLiveChild) => process.send?.(message);
let crash: LiveCrash | undefined;

/** What a node logs marks the boundaries between its steps: at the one asked for, the process is gone. */
function note(message: string, { purpose = "" }: LogData): void {
  if (crash !== undefined && message === crash.message && String(purpose).startsWith(crash.purpose)) {
    process.kill(process.pid, "SIGKILL");
  }
}

const logger: Logger = {
  debug: (message, data = {}) => note(message, data),
  info: (message, data = {}) => note(message, data),
  warn: (message, data = {}) => note(message, data),
  error: (message, data = {}) => note(message, data),
};

async function pay(desk: LiveDesk, { header, text }: Extract<ToLiveChild, { type: "pay" }>): Promise<FromLiveChild> {
  const engine = new SmallEngine();
  const bytes = encodeRequest({ messages: [{ role: "user", content: text }] });
  const measured = { promptTokens: 10, maxTokens: 90 };
  const ask = { model: engine.model.id, bytes, ...measured, payment: header, resource: RESOURCE };
  const admission = await desk.admit(ask);
  if (admission.kind === "refused") {
    return { type: "answer", kind: admission.code };
  }
  const output: ItemOutput = { finishReason: "stop", promptTokens: 10, text: "", tokens: Array<number>(20).fill(1) };
  const { envelope } =
    admission.kind === "replay"
      ? admission.settled
      : await admission.call.finish({ output, trace: new Uint8Array(), promptTokens: 10, completionTokens: 20 });
  return { type: "answer", kind: admission.kind, envelope };
}

async function live({ config, crashAt }: Extract<ToLiveChild, { type: "start" }>): Promise<void> {
  crash = crashAt;
  const drain = new AbortController();
  process.on("SIGTERM", () => drain.abort(new Error("SIGTERM")));
  const rest = { account: accountAt(3), logger, clock: systemClock, signal: drain.signal };
  const node = await startNode({ config, engines: [new SmallEngine()], ...rest });
  const desk = node.live;
  if (desk === undefined) {
    throw new Error("The node sells no live calls");
  }
  await until(
    () => node.health().isSynced,
    (isSynced) => isSynced,
  );
  process.on("message", async (message: ToLiveChild) => {
    if (message.type === "pay") {
      send(await pay(desk, message));
    } else if (message.type === "refund") {
      const refund = await desk.refund({ payment: message.header, resource: RESOURCE });
      send({ type: "answer", kind: refund.kind === "refused" ? refund.code : refund.kind });
    }
  });
  send({ type: "started", terms: desk.terms() });
  await node.finished;
  process.exit(0);
}

process.on("message", (message: ToLiveChild) => {
  if (message.type === "start") {
    live(message).catch((error: unknown) => {
      send({ type: "failed", reason: String(error) });
      process.exit(1);
    });
  }
});
