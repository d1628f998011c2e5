import { execFileSync } from "node:child_process";
import { chownSync, globSync } from "node:fs";
import path from "node:path";
import { freeUrl } from "../../../scripts/network/node-files.ts";
import { until } from "../../integration/node/support/running.ts";
import { newFolder, type Program, runProgram, startProgram } from "./programs.ts";

/** A database in a folder of its own, gone when it stops. */
export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

const USER = "graph";
const READY_MS = 60_000;

/** Where Debian has the server's programs, of the newest version there is. */
function binaries(): string {
  const found = globSync("/usr/lib/postgresql/*/bin").sort().at(-1);
  if (found === undefined) {
    throw new Error("There is no PostgreSQL here: install the package `postgresql`.");
  }
  return found;
}

/** The server refuses to run as root. */
function nobody(): number | undefined {
  return process.getuid?.() === 0 ? Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" })) : undefined;
}

/** Starts a PostgreSQL server with an empty database, in the order of bytes that Graph nodes ask for. */
export async function startPostgres(): Promise<Postgres> {
  const bin = binaries();
  const { folder, remove } = newFolder("postgres");
  const uid = nobody();
  if (uid !== undefined) {
    chownSync(folder, uid, 0);
  }
  const options = { cwd: folder, uid };
  const { port } = new URL(await freeUrl());
  const address = ["-h", "127.0.0.1", "-p", port, "-U", USER];
  let server: Program | undefined;
  const stop = async () => {
    await server?.kill("SIGQUIT");
    remove();
  };
  try {
    const form = ["--auth=trust", "--encoding=UTF8", "--locale=C"];
    runProgram(path.join(bin, "initdb"), ["-D", "data", "-U", USER, ...form], options);
    const habits = ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"];
    const running = startProgram(
      path.join(bin, "postgres"),
      ["-D", "data", "-p", port, "-k", folder, ...habits],
      options,
    );
    server = running;
    await until(() => isReady(running, path.join(bin, "createdb"), [...address, USER], options), Boolean, READY_MS);
    return { url: `postgresql://${USER}:any@127.0.0.1:${port}/${USER}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Creates the database, if the server takes it by now. */
function isReady(
  server: Program,
  command: string,
  args: readonly string[],
  options: { readonly cwd: string },
): boolean {
  server.requireRunning();
  try {
    runProgram(command, args, options);
    return true;
  } catch {
    return false;
  }
}
