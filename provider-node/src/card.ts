import { CARD_SERVICE, CARD_TYPE, type ProviderCard, parseAs, providerCardSchema } from "@touchstone/sdk/protocol";
import { cpu, graphics, mem } from "systeminformation";
import type { Hex } from "viem";
import type { Config } from "./config.ts";
import { VERSION } from "./version.ts";

/** What a card says beyond the settings. */
export interface CardFacts {
  readonly chainId: number;
  /** Where buyers reach the node. */
  readonly url: string;
  readonly hardware: string;
  readonly models: readonly { readonly id: Hex; readonly name: string; readonly contextLength: number }[];
  /** Whether the node takes jobs now. */
  readonly isActive: boolean;
}

/** The provider card: an ERC-8004 registration file with what the node sells, where, and at which prices. */
export function buildCard(config: Config, { chainId, url, hardware, models, isActive }: CardFacts): ProviderCard {
  const { name, provider, market, region } = config;
  const prices = {
    pricePerItem: config.pricePerItem.toString(),
    pricePerMillionInputTokens: config.pricePerMillionInputTokens.toString(),
    pricePerMillionOutputTokens: config.pricePerMillionOutputTokens.toString(),
  };
  const card = {
    type: CARD_TYPE,
    name,
    description: `Runs ${models.map((model) => model.name).join(", ")} for jobs of the Touchstone market.`,
    active: isActive,
    services: [{ name: CARD_SERVICE, endpoint: url, version: VERSION }],
    touchstone: {
      provider,
      market,
      chainId,
      region,
      hardware,
      models: models.map((model) => ({ ...model, ...prices })),
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
