import { BATCH_SETTLEMENT_ADDRESS, batchSettlementAbi, testTokenAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { placeStandIns } from "../../scripts/network/stand-ins.ts";
import { type LiveCrash, LiveProcess } from "../integration/live/support/live-process.ts";
import { mint, Payer } from "../integration/live/support/payer.ts";
import { settingsFor, until } from "../integration/node/support/running.ts";
import { World } from "../integration/node/support/world.ts";

const DEPOSIT = 100_000n;
const RESERVE = 200n;
const CHARGE = 130n;
const PRICES = { pricePerItem: 100n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };

/** Every boundary between two writes or sendings on the way of a transaction. */
function boundariesOf(purpose: string): LiveCrash[] {
  return ["transaction stored", "transaction sent", "transaction landed"].map((message) => ({ message, purpose }));
}

const nameOf = ({ message, purpose }: LiveCrash) => `at "${message}"${purpose === "" ? "" : ` of ${purpose}`}`;

describe("a node that is killed while money of the live lane moves", () => {
  let world: World;
  let running: LiveProcess | undefined;
  let nodes = 0;

  before(async () => {
    world = await World.start({ blockTime: 0.15 });
    await placeStandIns(world.chain.rpcUrl);
  });

  afterEach(async () => {
    await running?.kill();
    running = undefined;
  });

  after(() => world.close());

  beforeEach(() => {
    nodes += 1;
  });

  async function start(crashAt?: LiveCrash): Promise<LiveProcess> {
    const settings = settingsFor(world, `live-${nodes}`);
    const config = { ...settings, ...PRICES, live: true, claimValue: 2n * CHARGE, drainTimeoutSeconds: 60 };
    running = await LiveProcess.start(config, crashAt);
    return running;
  }

  async function payerOf({ terms }: LiveProcess): Promise<Payer> {
    const account = privateKeyToAccount(generatePrivateKey());
    await mint(world, account);
    const desk = { terms: () => terms } as ConstructorParameters<typeof Payer>[1];
    return new Payer(world, desk, { account });
  }

  /** Pays for a call of a node that dies of it, then again after its next start. */
  async function payTwice(crash: LiveCrash, header: (payer: Payer) => Promise<string>) {
    const first = await start(crash);
    const payer = await payerOf(first);
    const message = { type: "pay", header: await header(payer), text: "once" } as const;
    expect(await first.ask(message)).to.equal(undefined);
    expect(await first.ended).to.equal("SIGKILL");
    const second = await start();
    const answer = await until(
      () => second.ask(message),
      (one) => one?.envelope !== undefined,
    );
    return { payer, second, message, answer };
  }

  const balanceOf = (address: `0x${string}`) =>
    world.chain.client.readContract({
      address: world.token,
      abi: testTokenAbi,
      functionName: "balanceOf",
      args: [address],
    });

  for (const crash of boundariesOf("live:deposit")) {
    it(`takes a deposit once and serves its call once, ${nameOf(crash)}`, async () => {
      const { payer, second, message, answer } = await payTwice(crash, (one) => one.deposit(DEPOSIT, RESERVE));
      expect(await payer.onChain()).to.deep.equal({ balance: DEPOSIT, claimed: 0n });
      expect(answer?.envelope?.receipt.cumulative).to.equal(CHARGE);
      expect((await second.ask(message))?.kind).to.equal("replay");
      await second.kill("SIGTERM");
      expect(await payer.onChain()).to.deep.equal({ balance: DEPOSIT, claimed: CHARGE });
    });
  }

  for (const crash of boundariesOf("live:exact")) {
    it(`takes an exact payment once and serves its call once, ${nameOf(crash)}`, async () => {
      const nonce = keccak256(stringToHex(nameOf(crash)));
      const before = await balanceOf(world.provider.address);
      const { payer, second, message } = await payTwice(crash, (one) => one.exact(1_500n, nonce));
      expect((await balanceOf(world.provider.address)) - before).to.equal(1_500n);
      expect(await balanceOf(payer.account.address)).to.equal(1_000_000_000n - 1_500n);
      expect((await second.ask(message))?.kind).to.equal("replay");
    });
  }

  const claiming = [
    ...boundariesOf("live:claim"),
    { message: "claimed", purpose: "" },
    ...boundariesOf("live:settle"),
    { message: "settled", purpose: "" },
  ];
  for (const crash of claiming) {
    it(`claims and pays out all that was charged, once, ${nameOf(crash)}`, async () => {
      const before = await balanceOf(world.provider.address);
      const first = await start(crash);
      const payer = await payerOf(first);
      await first.ask({ type: "pay", header: await payer.deposit(DEPOSIT, RESERVE), text: "one" });
      await first.ask({ type: "pay", header: await payer.voucher(CHARGE + RESERVE), text: "two" });
      expect(await first.ended).to.equal("SIGKILL");
      const second = await start();
      const third = { type: "pay", header: await payer.voucher(2n * CHARGE + RESERVE), text: "three" } as const;
      expect((await second.ask(third))?.envelope?.receipt.cumulative).to.equal(3n * CHARGE);
      expect(await second.kill("SIGTERM")).to.equal(0);
      expect(await payer.onChain()).to.deep.equal({ balance: DEPOSIT, claimed: 3n * CHARGE });
      expect((await balanceOf(world.provider.address)) - before).to.equal(3n * CHARGE);
      expect(await unsettled()).to.equal(0n);
    });
  }

  async function unsettled(): Promise<bigint> {
    const [claimed, settled] = await world.chain.client.readContract({
      address: BATCH_SETTLEMENT_ADDRESS,
      abi: batchSettlementAbi,
      functionName: "receivers",
      args: [world.provider.address, world.token],
    });
    return claimed - settled;
  }

  for (const crash of boundariesOf("live:refund")) {
    it(`gives back once what it was asked for, ${nameOf(crash)}`, async () => {
      const first = await start(crash);
      const payer = await payerOf(first);
      await first.ask({ type: "pay", header: await payer.deposit(DEPOSIT, RESERVE), text: "one" });
      expect(await first.ask({ type: "refund", header: await payer.refund(CHARGE, 1_000n) })).to.equal(undefined);
      const second = await start();
      await until(
        () => payer.onChain(),
        ({ balance }) => balance === DEPOSIT - 1_000n,
      );
      const next = { type: "pay", header: await payer.voucher(CHARGE + RESERVE), text: "two" } as const;
      await until(
        () => second.ask(next),
        (one) => one?.envelope !== undefined,
      );
      await second.kill("SIGTERM");
      expect(await payer.onChain()).to.deep.equal({ balance: DEPOSIT - 1_000n, claimed: 2n * CHARGE });
      expect(await balanceOf(payer.account.address)).to.equal(1_000_000_000n - DEPOSIT + 1_000n);
    });
  }

  it("takes no number, payment or charge back over random kills", async () => {
    const first = await start();
    const payer = await payerOf(first);
    await first.ask({ type: "pay", header: await payer.deposit(DEPOSIT, RESERVE), text: "0" });
    const seqs = new Set<bigint>([1n]);
    let process = first;
    for (let round = 1; round <= 4; round++) {
      const header = await payer.voucher(BigInt(round) * CHARGE + RESERVE);
      const asked = process.ask({ type: "pay", header, text: `${round}` });
      await new Promise((resolve) => setTimeout(resolve, round)); // Somewhere between the ask and the answer.
      await process.kill();
      await asked;
      process = await start();
      const answer = await process.ask({ type: "pay", header, text: `${round}` });
      const { seq, cumulative } = answer!.envelope!.receipt;
      expect(seqs.has(seq)).to.equal(false);
      seqs.add(seq);
      expect(cumulative).to.equal(BigInt(round + 1) * CHARGE);
    }
    await process.kill("SIGTERM");
    expect((await payer.onChain()).claimed).to.equal(5n * CHARGE);
  });
});
