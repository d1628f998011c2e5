// A node in a process of its own, steered by messages from the test that started it.
import { TouchstoneError } from "@touchstone/sdk/protocol";
import { systemClock } from "../../../../provider-node/src/clock.ts";
import type { LogData, Logger } from "../../../../provider-node/src/logger.ts";
import { startNode } from "../../../../provider-node/src/node.ts";
import { SmallEngine } from "./engine.ts";
import type { CrashPoint, FromChild, ToChild } from "./process.ts";
import { accountAt } from "./world.ts";

const send = (message: FromChild) => process.send?.(message);
let points: readonly CrashPoint[] = [];

/** What a node logs marks the boundaries between its steps: at the one asked for, the process is gone. */
function note(message: string, data: LogData): void {
  const isMatch = (point: CrashPoint) =>
    message === point.message &&
    (point.of === undefined || String(data.duty ?? data.task ?? data.purpose ?? "").startsWith(point.of)) &&
    (point.index === undefined || data.index === point.index);
  if (points.some(isMatch)) {
    process.kill(process.pid, "SIGKILL");
  }
}

const logger: Logger = {
  debug: (message, data = {}) => note(message, data),
  info: (message, data = {}) => note(message, data),
  warn: (message, data = {}) => note(message, data),
  error: (message, data = {}) => note(message, data),
};

process.on("message", async (message: ToChild) => {
  try {
    if (message.type === "start") {
      await live(message);
    }
  } catch (error) {
    send({ type: "failed", code: error instanceof TouchstoneError ? error.code : String(error) });
    process.exit(1);
  }
});

async function live({ config, crashAt, msPerToken, account }: Extract<ToChild, { type: "start" }>): Promise<void> {
  points = crashAt;
  const drain = new AbortController();
  process.on("SIGTERM", () => drain.abort(new Error("SIGTERM")));
  const engines = [new SmallEngine({ msPerToken })];
  const node = await startNode({
    config,
    engines,
    account: accountAt(account),
    logger,
    clock: systemClock,
    signal: drain.signal,
  });
  process.on("message", async (message: ToChild) => {
    if (message.type === "order") {
      await node.inputs.save(message.requests, systemClock.unixTime());
      const reply = node.desk.order(message.order).then(
        ({ job }) => ({ type: "answer", job }) as const,
        (error: TouchstoneError) => ({ type: "answer", code: error.code }) as const,
      );
      send(await reply);
    } else if (message.type === "shown") {
      send({ type: "answer", isShown: node.desk.results(message.job) !== undefined });
    }
  });
  send({ type: "started" });
  await node.finished;
  process.exit(0);
}
