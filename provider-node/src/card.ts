import {
  CARD_SERVICE,
  CARD_TYPE,
  type CardLive,
  type CardModel,
  type ProviderCard,
  parseAs,
  pricesToWire,
  providerCardSchema,
} from "@touchstone/sdk/protocol";
import { cpu, graphics, mem } from "systeminformation";
import type { Config } from "./config.ts";
import type { Terms } from "./terms.ts";
import { VERSION } from "./version.ts";

/** What a card says beyond the settings. */
export interface CardFacts {
  readonly chainId: number;
  /** Where buyers reach the node. */
  readonly url: string;
  readonly hardware: string;
  readonly models: readonly Pick<
    CardModel,
    "id" | "name" | "contextLength" | "defaultMaxTokens" | "engine" | "measured"
  >[];
  /** Whether the node could take jobs now. */
  readonly isActive: boolean;
  readonly terms: Terms;
  /** Since when the node runs. Unix seconds. */
  readonly upSince?: number | undefined;
  /** How live calls are paid; left out where none are sold. */
  readonly live?: CardLive | undefined;
}

/** The provider card: an ERC-8004 registration file with what the node sells, where, and at which prices. */
export function buildCard(config: Config, facts: CardFacts): ProviderCard {
  const { chainId, url, hardware, models, isActive, terms, upSince, live } = facts;
  const { name, provider, market, region } = config;
  const prices = pricesToWire(terms.prices);
  const card = {
    type: CARD_TYPE,
    name,
    description: `Runs ${models.map((model) => model.name).join(", ")} for jobs of the Touchstone market.`,
    active: isActive && !terms.isDrained,
    x402Support: live !== undefined,
    services: [{ name: CARD_SERVICE, endpoint: url, version: VERSION }],
    touchstone: {
      provider,
      market,
      chainId,
      region,
      hardware,
      ...(upSince !== undefined && { upSince }),
      drained: terms.isDrained,
      models: models.map((model) => ({ ...model, ...prices })),
      ...(live !== undefined && { live }),
    },
  };
  return parseAs(providerCardSchema, card, "provider card");
}

const GIB = 2 ** 30;

/** The machine in a line, such as `AMD EPYC 9354, 32 cores, 126 GiB; NVIDIA L40S, 45 GiB`. */
export async function describeHardware(): Promise<string> {
  const [{ manufacturer, brand, physicalCores }, { total }, { controllers }] = await Promise.all([
    cpu(),
    mem(),
    graphics(),
  ]);
  const gpus = controllers
    .filter(({ vram }) => (vram ?? 0) >= 1024)
    .map(({ model, vram }) => `${model}, ${Math.round((vram ?? 0) / 1024)} GiB`);
  const machine = `${manufacturer} ${brand}`.trim();
  return [`${machine}, ${physicalCores} cores, ${Math.round(total / GIB)} GiB`, ...gpus].join("; ");
}
