import path from "node:path";
import { parseUnits } from "viem";
import type { Cheat } from "../../cheats/cheats.ts";
import { ROOT } from "../../lib/paths.ts";
import { type LocalNetwork, startNetwork } from "../../network/network.ts";
import { localCourtParameters } from "../../network/parameters.ts";

/** Name of the cheapest provider: the one whose job is judged. */
export const ACCUSED = "Cinder";

/** The node that cheats: a program of its own, which the product knows nothing of. */
const CHEATING_NODE = path.join(ROOT, "scripts", "cheats", "main.ts");

/** Both tiers of one case, and one seat that is left over. */
const SEATS = 13;

const DECIMALS = 6;

/** A network with a panel of seats, and with a third provider, who asks less than the others; or has a reason to. */
export function startTrialNetwork(cheat: Cheat | "none", say: (step: string) => void): Promise<LocalNetwork> {
  const program = cheat === "none" ? undefined : [CHEATING_NODE, "--cheat", cheat];
  return startNetwork(say, {
    seats: SEATS,
    // The draw takes every job: the chance is the price over this value.
    courtParameters: { ...localCourtParameters, auditValue: 1n, answerWindow: 10 },
    third: {
      name: ACCUSED,
      region: "sa-east",
      stake: parseUnits("60", DECIMALS),
      pricePerItem: parseUnits("0.0006", DECIMALS),
      pricePerMillionOutputTokens: parseUnits("0.6", DECIMALS),
      program,
    },
  });
}
