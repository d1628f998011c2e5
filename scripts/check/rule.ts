import { type CommandResult, runCommand } from "../lib/command.ts";

/** One thing that must hold of the repository. */
export interface Rule {
  readonly name: string;
  /** Every breach as a line that names the file and says what to do; none where the rule holds. */
  run(): Promise<readonly string[]> | readonly string[];
}

/** A rule that holds where a program ends with 0; what it printed is the breach. */
export function commandRule(name: string, ...commands: readonly (readonly string[])[]): Rule {
  return {
    name,
    run: async () => {
      const results: CommandResult[] = [];
      for (const command of commands) {
        results.push(await runCommand(command, { quiet: true }));
      }
      return results.filter(({ code }) => code !== 0).map(({ code, output }) => output.trim() || `exit code ${code}`);
    },
  };
}
