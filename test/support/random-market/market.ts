import { type Address, type Hex, keccak256, maxUint256, toHex } from "viem";
import { courtAbi, marketAbi } from "../../../client-sdk/src/protocol/generated/abi.ts";
import { type ModelTerms, termsId } from "../../../client-sdk/src/protocol/model.ts";
import {
  type CourtParameters,
  type MarketParameters,
  publicCourtParameters,
  publicParameters,
} from "../../../scripts/network/parameters.ts";
import { Ground, usd } from "./ground.ts";

/** Public networks, with a panel that is as small as can be. */
export const COURT: CourtParameters = { ...publicCourtParameters, minPanel: 12 };
export const MARKET: MarketParameters = publicParameters;

/** So many seats sit on the panel of the judged model from the start; the other validators come and go. */
const SEATED = 15;
const OPERATOR_UNTIL = 2 ** 40 - 1;

export const TOLERANCES = {
  marginTolerance: 100,
  marginThreshold: 1_000,
  traceTolerance: 50,
  traceThreshold: 500,
  probeTolerance: 10_000,
};

/** The terms of the model of this name. */
export function termsOf(name: string): ModelTerms {
  const hashOf = (text: string) => keccak256(toHex(text));
  const traceKind = hashOf("top8-int16");
  return { manifestHash: hashOf(name), backendClass: hashOf("cpu"), tolerances: TOLERANCES, traceKind };
}

/** The model that is verified, and two that never are. */
export const JUDGED: Hex = termsId(termsOf("judged"));
export const UNJUDGED: readonly Hex[] = [keccak256(toHex("unjudged 1")), keccak256(toHex("unjudged 2"))];

/** Deploys token, court and market on a fresh chain; gives everybody money, providers stake and keys, the judged model a panel. */
export async function openMarket(seed: number): Promise<Ground> {
  const ground = await Ground.open(seed);
  await deploy(ground);
  const { clients, providers, operators, validators, strangers } = ground.people;
  for (const person of [...clients, ...providers, ...validators, ...strangers]) {
    await ground.token(person, "mint", [person.address, usd(1_000_000)]);
    await ground.token(person, "approve", [ground.contracts.market, maxUint256]);
    await ground.market(person, "deposit", [person.address, usd(20_000)]);
  }
  for (const [index, provider] of providers.entries()) {
    const operator = operators[index] as typeof provider;
    await ground.market(provider, "stake", [usd(1_000)]);
    await ground.market(provider, "setOperator", [operator.address, OPERATOR_UNTIL]);
    await ground.market(operator, "updateProvider", [provider.address, `https://provider-${index}.example/card.json`]);
  }
  await ground.market(clients[0] as (typeof clients)[0], "fundPool", [usd(500)]);
  await ground.court(ground.people.deployer, "openPanel", [termsOf("judged")]);
  for (const validator of validators.slice(0, SEATED)) {
    await ground.court(validator, "stakeSeat", [COURT.seatStake]);
    await ground.court(validator, "joinPanel", [validator.address, JUDGED]);
  }
  ground.waitUntil(ground.time + BigInt(COURT.seatMinAge));
  await ground.court(ground.people.deployer, "refreshPanel", [JUDGED]);
  return ground;
}

async function deploy(ground: Ground): Promise<void> {
  const { chain } = ground;
  const create = async (name: string, args: readonly unknown[]): Promise<Address> => {
    const factory = await chain.ethers.getContractFactory(name);
    const { data } = await factory.getDeployTransaction(...args);
    const hash = await ground.send(ground.people.deployer.address, null, data as Hex);
    const { contractAddress } = await ground.client.getTransactionReceipt({ hash });
    if (!contractAddress) throw new Error(`${name} was not deployed.`);
    return contractAddress;
  };
  const randomness = await create("BlockHashes", []);
  const registry = await create("CourtRegistry", [randomness, COURT]);
  const court = await create("Court", [await create("CourtExtension", [registry])]);
  const token = await create("TestToken", []);
  const market = await create("Market", [token, court, MARKET]);
  ground.settleOn({ token, market, court });
  await ground.court(ground.people.deployer, "bind", [market]);
}

/** What the contracts say now. */
export function viewsOf({ client, contracts }: Ground) {
  const { market, court } = contracts;
  return {
    accountOf: (account: Address) => {
      return client.readContract({ address: market, abi: marketAbi, functionName: "accountOf", args: [account] });
    },
    unbondingOf: (provider: Address) => {
      return client.readContract({ address: market, abi: marketAbi, functionName: "unbondingOf", args: [provider] });
    },
    bondOf: (provider: Address) => {
      return client.readContract({ address: court, abi: courtAbi, functionName: "bondOf", args: [provider] });
    },
    isVerified: (model: Hex) => {
      return client.readContract({ address: market, abi: marketAbi, functionName: "isVerified", args: [model] });
    },
    caseOf: (id: Hex) => client.readContract({ address: court, abi: courtAbi, functionName: "caseOf", args: [id] }),
    seatsOf: (id: Hex) => client.readContract({ address: court, abi: courtAbi, functionName: "seatsOf", args: [id] }),
    seatAt: (seat: number) => {
      return client.readContract({ address: court, abi: courtAbi, functionName: "seatAt", args: [seat] });
    },
    seatOf: (owner: Address) => {
      return client.readContract({ address: court, abi: courtAbi, functionName: "seatOf", args: [owner] });
    },
    demandOf: (key: Hex) => {
      return client.readContract({ address: court, abi: courtAbi, functionName: "demandOf", args: [key] });
    },
    creditOf: (account: Address) => {
      return client.readContract({ address: court, abi: courtAbi, functionName: "creditOf", args: [account] });
    },
  };
}
