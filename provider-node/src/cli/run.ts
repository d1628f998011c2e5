import { TouchstoneError } from "@touchstone/sdk/protocol";
import { Command, CommanderError } from "commander";
import { describeError } from "../log.ts";
import { VERSION } from "../version.ts";
import { addBench } from "./bench.ts";
import { addBond } from "./bond.ts";
import { addCalibrate } from "./calibrate.ts";
import { addCard } from "./card.ts";
import { addDoctor } from "./doctor.ts";
import { addGateway } from "./gateway.ts";
import type { Host } from "./host.ts";
import { addInit } from "./init.ts";
import { addKeys } from "./keys.ts";
import { addOperator } from "./operator.ts";
import { addOwner } from "./owner.ts";
import { addPricing } from "./pricing.ts";
import { addSeat } from "./seat.ts";
import { addStake } from "./stake.ts";
import { addStart } from "./start.ts";
import { addStatus } from "./status.ts";
import { addVerify } from "./verify.ts";

/** What the exit code of `touchstone` says. */
export const EXIT = { ok: 0, fatal: 1, usage: 2, retryable: 75 } as const;

/** Codes of what the caller has to put right on the command line, in the environment or in the settings file. */
const USAGE = /^(CONFIG|KEYSTORE)_/;

/**
 * Runs one command of `touchstone`. Never throws; failures go to stderr.
 *
 * @returns The exit code, one of {@link EXIT}
 */
export async function run(host: Host): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(host, (other) => {
    code = other;
  });
  try {
    await program.parseAsync(host.args, { from: "user" });
    return code;
  } catch (error) {
    return report(host, error);
  }
}

function createProgram(host: Host, setExitCode: (code: number) => void): Command {
  const program = new Command("touchstone")
    .description("Provider node of the Touchstone marketplace: runs models, posts results, gets paid.")
    .version(VERSION, "--version", "show the version")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    });
  addInit(program, host);
  addDoctor(program, host, (isHealthy) => setExitCode(isHealthy ? EXIT.ok : EXIT.fatal));
  addStart(program, host, EXIT.fatal);
  addStatus(program, host);
  addOwner(program, host);
  addPricing(program, host);
  addKeys(program, host);
  addOperator(program, host);
  addStake(program, host);
  addBond(program, host);
  addSeat(program, host);
  addCard(program, host);
  addBench(program, host);
  addCalibrate(program, host);
  addVerify(program, host, setExitCode);
  addGateway(program, host, EXIT.fatal);
  return program;
}

function report(host: Host, error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // It has said what is wrong itself.
  }
  if (error instanceof TouchstoneError) {
    host.stderr.write(`${error.message} (${error.code})\n`);
    return error.retryable ? EXIT.retryable : USAGE.test(error.code) ? EXIT.usage : EXIT.fatal;
  }
  host.stderr.write(`touchstone failed: ${JSON.stringify(describeError(error), undefined, 2)}\n`);
  return EXIT.fatal;
}
