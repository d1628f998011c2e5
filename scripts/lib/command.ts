import { spawn } from "node:child_process";
import { ROOT } from "./paths.ts";

/** How a command ended. */
export interface CommandResult {
  /** The exit code; 1 where a signal ended it. */
  readonly code: number;
  /** What it wrote to stdout and stderr, in the order of arrival. */
  readonly output: string;
  /** What it wrote to stdout alone. */
  readonly stdout: string;
}

export interface CommandOptions {
  /** Keeps the output from the terminal; it is in the result all the same. */
  readonly quiet?: boolean;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program in the root of the repository. Never throws: a program that cannot start ends with 127. */
export function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = "", ...args] = command;
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  return new Promise((resolve) => {
    let output = "";
    let stdout = "";
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...colour, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        stdout += stream === child.stdout ? text : "";
        if (!options.quiet) {
          target.write(text);
        }
      });
    }
    child.on("error", (error) => resolve({ code: 127, output: `${output}${program}: ${error.message}\n`, stdout }));
    child.on("close", (code) => resolve({ code: code ?? 1, output, stdout }));
  });
}

/** The program `name` of an installed package, as a command for {@link runCommand}. */
export function installed(name: string, ...args: string[]): string[] {
  return [`node_modules/.bin/${name}`, ...args];
}
