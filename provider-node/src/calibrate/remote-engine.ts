import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine, LoadedModel } from "../engine/engine.ts";
import { NodeError } from "../errors.ts";
import type { MachineStart } from "./machine.ts";

/** Methods of an engine that go over to its process: what a calibration asks. */
type Method = Exclude<keyof Engine, "model" | "close" | "embed">;

type QuestionOf<M extends Method> = {
  readonly id: number;
  readonly method: M;
  readonly args: Parameters<Engine[M]>;
};

/** What an engine's process is asked. Signals do not travel: whoever tires of a process closes it. */
export type Question = { [M in Method]: QuestionOf<M> }[Method];

/** What it answers; the question 0 is its start. */
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Runs a model in a process of its own as a given machine would.
 *
 * @returns An engine that works as if it were here; aborting its signals does nothing, `close` ends the process.
 * @throws NodeError `ENGINE_UNAVAILABLE` if this computer cannot stand for that machine.
 */
export async function openRemoteEngine(start: MachineStart): Promise<Engine> {
  const file = `engine-process${path.extname(fileURLToPath(import.meta.url))}`; // .ts from sources, .js once built.
  const child = fork(path.join(import.meta.dirname, file), { serialization: "advanced" });
  const ask = createAsker(child);
  try {
    const model = (await ask(0, start)) as LoadedModel;
    return createEngine(model, child, ask);
  } catch (cause) {
    child.kill();
    const sentence = `llama.cpp does not run here as ${start.machine.name}: leave that machine out.`;
    throw new NodeError("ENGINE_UNAVAILABLE", sentence, { cause });
  }
}

type Ask = (id: number, message: MachineStart | Question) => Promise<unknown>;

function createAsker(child: ChildProcess): Ask {
  const waiting = new Map<number, Waiting>();
  const failAll = () => {
    for (const { reject } of waiting.values()) {
      reject(new NodeError("ENGINE_FAILED", "The engine's process ended."));
    }
    waiting.clear();
  };
  child.on("error", failAll);
  child.on("exit", failAll);
  child.on("message", (message: Answer) => {
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if ("error" in message) {
      reject?.(new NodeError("ENGINE_FAILED", `The engine's process failed: ${message.error}`));
    } else {
      resolve?.(message.value);
    }
  });
  return (id, message) =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.send(message, (error) => error !== null && reject(error));
    });
}

function createEngine(model: LoadedModel, child: ChildProcess, ask: Ask): Engine {
  let asked = 0;
  const call = <M extends Method>(method: M, args: Parameters<Engine[M]>) => {
    const id = ++asked;
    return ask(id, { id, method, args } as Question) as ReturnType<Engine[M]>;
  };
  return {
    model,
    countPromptTokens: (request) => call("countPromptTokens", [request]),
    generate: (request, { seed }) => call("generate", [request, { seed }] as never),
    read: (request, tokens) => call("read", [request, tokens]),
    recheck: (request, claim, { lookups }) => call("recheck", [request, claim, { lookups }] as never),
    describe: () => call("describe", []),
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}
