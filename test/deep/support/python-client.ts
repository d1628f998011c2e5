import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** The official client of OpenAI for Python, as it is in its registry. */
const PACKAGE = "openai==3.54.0";

const SCRIPT = path.join(import.meta.dirname, "openai_client.py");

const run = promisify(execFile);

/** Where a client buys, and by which key. */
export interface Place {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** A line that the client said. */
export type Said = Readonly<Record<string, unknown>>;

/** The client for Python, of a folder that is gone with it. */
export interface PythonClient {
  /**
   * Has the client do one thing, see `openai_client.py`.
   *
   * @param words What, and how.
   * @param onSaid Told of each line at once.
   * @returns All lines.
   * @throws Error with what Python said, where it failed.
   */
  say(place: Place, words: readonly string[], onSaid?: (said: Said) => void): Promise<readonly Said[]>;
  close(): Promise<void>;
}

/** Installs it. Needs python3 with venv, and a package index. */
export async function installPythonClient(): Promise<PythonClient> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-python-"));
  await run("python3", ["-m", "venv", folder]);
  const python = path.join(folder, "bin/python");
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
  return {
    async say({ baseUrl, apiKey }, words, onSaid) {
      const env = { ...process.env, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey };
      const child = spawn(python, [SCRIPT, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
      let trouble = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        trouble += text;
      });
      const ended = once(child, "close");
      const lines: Said[] = [];
      for await (const line of createInterface(child.stdout)) {
        const said = JSON.parse(line) as Said;
        lines.push(said);
        onSaid?.(said);
      }
      const [code] = await ended;
      if (code !== 0) {
        throw new Error(`The client for Python ended with ${code}:\n${trouble}`);
      }
      return lines;
    },
    close: () => rm(folder, { recursive: true }),
  };
}
