import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Of what npm tells the scripts that it runs, only where to get packages; the rest would turn a nested npm to this folder. */
const KEPT = ["npm_config_registry", "npm_config_cache", "npm_config_userconfig", "npm_config_globalconfig"];

/** Runs npm in a folder and returns what it printed. */
export async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const { npm_execpath: script } = process.env;
  const [command, first] = script === undefined ? ["npm", []] : [process.execPath, [script]];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_") || KEPT.includes(name));
  const { stdout } = await run(command, [...first, ...args], { cwd, env: Object.fromEntries(inherited) });
  return stdout;
}

/** Runs a Node script in a folder and returns what it printed. */
export async function node(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd });
  return stdout;
}
