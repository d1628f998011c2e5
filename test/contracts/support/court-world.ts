import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id as hashText } from "ethers";
import { network } from "hardhat";
import { termsId } from "../../../client-sdk/src/protocol/model.ts";
import type { Tolerances } from "../../../client-sdk/src/protocol/tolerances.ts";
import {
  type CourtParameters,
  type MarketParameters,
  publicCourtParameters,
  publicParameters,
} from "../../../scripts/network/parameters.ts";
import type { BlockHashes, ICourt } from "../../../types/ethers-contracts/index.ts";
import { type Books, movesOf } from "./books.ts";
import { pass } from "./clock.ts";
import { type Chain, fund, type MarketWorld, settleIn, usd } from "./world.ts";

/** A market with the real court: validator i has seat i + 1 on the panel of the one model, which is verified. */
export interface CourtWorld extends MarketWorld {
  /** All that the court offers, at its one address. */
  readonly court: ICourt;
  readonly randomness: BlockHashes;
  readonly parameters: CourtParameters;
  readonly validators: readonly HardhatEthersSigner[];
}

export const TOLERANCES: Tolerances = {
  marginTolerance: 100,
  marginThreshold: 1_000,
  traceTolerance: 50,
  traceThreshold: 500,
  probeTolerance: 10_000,
};

/** What the court's model id stands for. */
export const TERMS = {
  manifestHash: hashText("manifest"),
  backendClass: hashText("cpu"),
  tolerances: TOLERANCES,
  traceKind: hashText("top8-int16"),
} as const;

/** The verified model. */
export const JUDGED_MODEL: string = termsId(TERMS as Parameters<typeof termsId>[0]);

/** Public networks, with a panel that is as small as can be: thirteen sit on it. */
export const COURT_PARAMETERS: CourtParameters = { ...publicCourtParameters, minPanel: 12 };

export const SEAT_COUNT = 13;
export const POOL = usd(100);
const SEAT_BALANCE = usd(100);

export interface CourtWorldOptions {
  readonly parameters?: Partial<CourtParameters>;
  readonly market?: Partial<MarketParameters>;
  /** Seats on the panel; all thirteen by default. */
  readonly seats?: number;
}

/** Starts a chain of its own and tells how to get a fresh world with a court on it. */
export async function openCourtWorlds(options: CourtWorldOptions = {}): Promise<() => Promise<CourtWorld>> {
  const chain = await network.create();
  const fixture = () => createWorld(chain, options);
  return () => chain.networkHelpers.loadFixture(fixture);
}

/** Deploys a court that waits for its market. */
export async function deployCourt({ ethers }: Chain, parameters: CourtParameters) {
  const randomness = await ethers.deployContract("BlockHashes");
  const registry = await ethers.deployContract("CourtRegistry", [randomness, parameters]);
  const extension = await ethers.deployContract("CourtExtension", [registry]);
  const court = await ethers.getContractAt("ICourt", await ethers.deployContract("Court", [extension]));
  return { randomness, registry, extension, court };
}

async function createWorld(chain: Chain, options: CourtWorldOptions): Promise<CourtWorld> {
  const { ethers } = chain;
  const [, client, provider, operator, rival, stranger, friend, ...validators] = await ethers.getSigners();
  const parameters = { ...COURT_PARAMETERS, ...options.parameters };
  const { court, randomness } = await deployCourt(chain, parameters);
  const token = await ethers.deployContract("TestToken");
  const market = await ethers.deployContract("Market", [token, court, { ...publicParameters, ...options.market }]);
  await court.bind(market);
  const people = { client, provider, operator, rival, stranger, friend };
  const world = { chain, token, market, court, randomness, parameters, validators, ...people };
  await settleIn(world);
  await market.connect(client).fundPool(POOL);
  for (const validator of validators) await fund(world, validator, SEAT_BALANCE);
  await court.openPanel(TERMS);
  for (const validator of validators.slice(0, options.seats ?? SEAT_COUNT)) await sit(world, validator);
  await pass(world, parameters.seatMinAge);
  await court.refreshPanel(JUDGED_MODEL);
  return world;
}

/** Stakes a seat and joins the panel. */
export async function sit({ court, parameters }: CourtWorld, validator: HardhatEthersSigner): Promise<void> {
  if ((await court.seatOf(validator)) === 0n) await court.connect(validator).stakeSeat(parameters.seatStake);
  await court.connect(validator).joinPanel(validator, JUDGED_MODEL);
}

/** What an action changed: as `movesOf`, with what seats have staked and everybody has earned. */
export async function courtMovesOf(world: CourtWorld, action: () => Promise<unknown>): Promise<Books> {
  const { court, validators } = world;
  const numbered = validators.map((validator, index) => [`validator${index + 1}`, validator.address]);
  const others = { court: await court.getAddress(), ...Object.fromEntries(numbered) };
  const before = await duesOf(world);
  const moves = await movesOf(world, action, others);
  const after = await duesOf(world);
  const dues = Object.keys(after).map((name) => [name, (after[name] ?? 0n) - (before[name] ?? 0n)] as const);
  return { ...moves, ...Object.fromEntries(dues.filter(([, amount]) => amount !== 0n)) };
}

/** The parts of the books that are the same for several seats, by their numbers. */
export function ofSeats(seats: readonly bigint[], part: "stake" | "credit", amount: bigint): Record<string, bigint> {
  return Object.fromEntries(seats.map((seat) => [`seat${seat}.${part}`, amount]));
}

async function duesOf({ court, validators, client, provider, stranger }: CourtWorld): Promise<Record<string, bigint>> {
  const dues: Record<string, bigint> = {};
  for (const [index, validator] of validators.entries()) {
    const number = index + 1;
    dues[`seat${number}.stake`] = (await court.seatAt(number)).stake;
    dues[`seat${number}.credit`] = await court.creditOf(validator);
  }
  for (const [name, person] of Object.entries({ client, provider, stranger })) {
    dues[`${name}.credit`] = await court.creditOf(person);
  }
  return dues;
}
