import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** llama.cpp's server in a Python wheel, with nothing else to build or install. */
const PACKAGE = "xllamacpp==2026.10.11549";

const MODEL = path.join(import.meta.dirname, "../../../models/storyteller/storyteller-f16.gguf");
const SCRIPT = path.join(import.meta.dirname, "llama_server.py");

const run = promisify(execFile);

/** Servers of llama.cpp, of a Python that is gone with them. */
export interface LlamaServerHost {
  /** Starts a server with a file, or the storyteller's own, and gives its base URL, without `/v1`. */
  start(kind: "writing" | "embedding", file?: string): Promise<string>;
  close(): Promise<void>;
}

/** Installs llama.cpp's server into a folder of its own. Needs python3 with venv, and a package index. */
export async function installLlamaServer(): Promise<LlamaServerHost> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-llama-server-"));
  await run("python3", ["-m", "venv", folder]);
  const python = path.join(folder, "bin/python");
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
  const servers: ChildProcess[] = [];
  return {
    start: async (kind, file = MODEL) => {
      const args = [SCRIPT, file, ...(kind === "embedding" ? [kind] : [])];
      const server = spawn(python, args, { stdio: ["pipe", "pipe", "ignore"] });
      servers.push(server);
      const [line] = (await Promise.race([
        once(createInterface(server.stdout), "line"),
        once(server, "exit").then(([code]) => Promise.reject(new Error(`llama-server ended with ${code}.`))),
      ])) as [string];
      return line;
    },
    close: async () => {
      const ends = servers.filter(({ exitCode }) => exitCode === null).map((server) => once(server, "exit"));
      for (const server of servers) {
        server.stdin?.end();
        server.kill();
      }
      await Promise.all(ends);
      await rm(folder, { recursive: true });
    },
  };
}
