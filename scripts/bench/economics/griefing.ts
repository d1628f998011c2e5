import type { CaseGas, Rules, World } from "./economy.ts";
import { ANSWER_GAS, MOST_DEMANDS } from "./schemes.ts";

/** Harm for harm's sake: what it costs its author, and what it costs somebody else. Tokens. */
export interface Grief {
  readonly name: string;
  readonly victim: string;
  readonly cost: number;
  readonly harm: number;
}

interface Context {
  readonly rules: Rules;
  readonly world: World;
  readonly gas: CaseGas;
}

/** What a minimum stake earns in the room that a case of tier two takes from it, while the case lasts. */
function lostRoom({ rules, world }: Context): number {
  const hour = 60;
  const lasts = rules.appealWindow + rules.commitWindow + rules.revealWindow;
  const margin = 1 - rules.feeShare - world.costShare;
  // An hour from accepting to settling: the default challenge window.
  return rules.minStake * rules.exposureShare * margin * (lasts / hour);
}

/** All that is known to hurt without a profit. */
export function griefs(context: Context): Grief[] {
  const { rules, world, gas } = context;
  const opening = gas.open * world.gasPrice;
  const answering = ANSWER_GAS * world.gasPrice;
  return [
    {
      name: "a client challenges sound work",
      victim: "provider: its payment waits",
      cost: rules.challengeBond + opening,
      harm: 0,
    },
    {
      name: "a client challenges sound work and appeals",
      victim: "provider of one minimum stake: takes no jobs meanwhile",
      cost: 2 * rules.challengeBond + 2 * opening,
      harm: lostRoom(context),
    },
    {
      name: "a client demands a full chunk that it has",
      victim: "provider: gas of the answer, less the deposit",
      cost: rules.demandDeposit + gas.demand * world.gasPrice,
      harm: answering - rules.demandDeposit,
    },
    {
      name: `a seat makes ${MOST_DEMANDS} demands for full chunks that it has`,
      victim: "whoever pays for the answers",
      cost: MOST_DEMANDS * gas.demand * world.gasPrice,
      harm: MOST_DEMANDS * answering,
    },
    {
      name: "a seat of tier one denies sound work",
      victim: "pool: the fees of tier two",
      cost: rules.contradictionPenalty,
      harm: rules.secondTier * rules.seatFee,
    },
    {
      name: "four of nine seats block a conviction",
      victim: "client: pays for false work",
      cost: 0,
      harm: rules.auditValue,
    },
    {
      name: "six of nine seats convict sound work",
      victim: "provider",
      cost: 2 * rules.challengeBond,
      harm: rules.minStake + rules.auditValue,
    },
  ];
}
