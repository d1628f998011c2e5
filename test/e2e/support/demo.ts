import { runCommand } from "../../../scripts/lib/command.ts";

/** A run of the demo, whose story goes to standard error. */
export async function runDemo(...args: string[]) {
  const { code, stdout, output } = await runCommand([process.execPath, "scripts/demo/main.ts", ...args], {
    quiet: true,
  });
  return { code, stdout, output };
}
