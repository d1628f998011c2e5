import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { fulfil, ordered, quoted, take } from "./support/agreements.ts";
import { movesOf } from "./support/books.ts";
import { pass } from "./support/clock.ts";
import {
  asSubmitted,
  due,
  freeze,
  HOUR,
  idOf,
  MODEL,
  NOT_FROZEN,
  PRICE,
  ROOT,
  specOf,
  statusOf,
} from "./support/jobs.ts";
import { fund, openMarketBeside, openWorlds, PROVIDER_STAKE, usd } from "./support/world.ts";

const newWorld = await openWorlds();
/** Two hundredths of the price, rounded up. */
const FEE = 66_667n;

/** What an account may do when it is asked for a signature, by the first byte of the signature. */
const MANNERS = [
  { what: "reverts", manner: "0x01" },
  { what: "burns all gas that it is given", manner: "0x02" },
  { what: "answers with a megabyte", manner: "0x03" },
  { what: "answers with nothing", manner: "0x04" },
  { what: "answers that it did not sign", manner: "0x05" },
] as const;

describe("An account that, asked for a signature,", () => {
  for (const { what, manner } of MANNERS) {
    it(`${what} has signed no order, and stops no other`, async () => {
      const { world, account } = await withHostileAccount();
      const { market, client } = world;
      await market.connect(client).reserve(usd(10));
      const order = await ordered(world, { client: await account.getAddress() });
      const other = await ordered(world);

      await expect(fulfil(world, { ...order, signature: manner }))
        .to.be.revertedWithCustomError(market, "InvalidSignature")
        .withArgs(account);

      await fulfil(world, other);
      expect(await statusOf(world, await idOf(world, other.spec))).to.equal(JobStatus.Submitted);
    });

    it(`${what} has signed no quote`, async () => {
      const { world, account } = await withHostileAccount();
      const { market, provider } = world;
      await market.connect(provider).setOperator(account, 2n ** 40n - 1n);
      const quote = await quoted(world);

      await expect(take(world, { ...quote, signer: await account.getAddress(), signature: manner }))
        .to.be.revertedWithCustomError(market, "InvalidSignature")
        .withArgs(account);
    });
  }
});

describe("A contract without a way to take native coin", () => {
  it("can be a client: it posts, cancels, is refunded and withdraws", async () => {
    const { world, account, act } = await withHostileAccount();
    const { market, stranger } = world;
    const spec = await specOf(world, { client: await account.getAddress() });
    const again = { ...spec, salt: hashText("again") };

    await act(market.interface.encodeFunctionData("post", [spec, ""]));
    await act(market.interface.encodeFunctionData("cancel", [spec]));
    await act(market.interface.encodeFunctionData("post", [again, ""]));
    await pass(world, HOUR);
    await market.expire(again, NOT_FROZEN);
    const { balance } = await market.accountOf(account);
    await act(market.interface.encodeFunctionData("withdraw", [stranger.address, balance]));

    expect(balance).to.equal(PROVIDER_STAKE);
    expect((await market.accountOf(account)).balance).to.equal(0n);
  });

  it("can be a provider: it stakes, accepts, submits and is paid", async () => {
    const { world, account, act } = await withHostileAccount();
    const { market, client } = world;
    const provider = await account.getAddress();
    const spec = await specOf(world, { provider });
    const id = await idOf(world, spec);
    await market.connect(client).post(spec, "");

    await act(market.interface.encodeFunctionData("stake", [PROVIDER_STAKE]));
    await act(market.interface.encodeFunctionData("accept", [spec, provider]));
    await act(market.interface.encodeFunctionData("submit", [id, freeze(spec, provider), ROOT]));
    const job = await asSubmitted(world, { spec, id, frozen: freeze(spec, provider) });
    await pass(world, HOUR);

    await expect(market.settle(id, job.frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Unverified, PRICE - FEE, FEE);
  });
});

describe("A court that, asked for a draw,", () => {
  it("writes anything stops the settling of its jobs, and nothing else", async () => {
    const { world } = await withHostileCourt();
    const { market } = world;
    const job = await due(world);
    const other = await due(world, { model: hashText("other model") });

    await expect(market.settle(job.id, job.frozen)).to.be.revertedWithoutReason(world.chain.ethers);

    expect(await statusOf(world, job.id)).to.equal(JobStatus.Submitted);
    await expect(market.settle(other.id, other.frozen)).to.emit(market, "JobSettled");
  });

  for (const name of ["settle", "settleMany", "withdraw", "deposit"] as const) {
    it(`calls ${name} has that fail, and pays the job once`, async () => {
      const { world, court } = await withHostileCourt();
      const { market, provider } = world;
      const job = await due(world);
      const calls = {
        settle: market.interface.encodeFunctionData("settle", [job.id, job.frozen]),
        settleMany: market.interface.encodeFunctionData("settleMany", [[{ id: job.id, frozen: job.frozen }]]),
        withdraw: market.interface.encodeFunctionData("withdraw", [provider.address, 1n]),
        deposit: market.interface.encodeFunctionData("deposit", [provider.address, 1n]),
      };
      await court.arm(calls[name]);

      const moves = await movesOf(world, async () => {
        await expect(market.settle(job.id, job.frozen))
          .to.emit(market, "JobSettled")
          .withArgs(job.id, provider, Outcome.Completed, PRICE - FEE, FEE);
      });

      expect(moves).to.deep.equal({
        escrow: -PRICE,
        "provider.balance": PRICE - FEE,
        "provider.fees": FEE,
        "provider.exposure": -PRICE,
      });
    });
  }
});

/** A world whose court does in the draw what it may not. */
async function withHostileCourt() {
  const plain = await newWorld();
  const court = await plain.chain.ethers.deployContract("HostileCourt");
  const world = await openMarketBeside(plain, await court.getAddress());
  await court.serve(world.market, MODEL);
  return { world, court };
}

/** A world with an account that misbehaves on demand, has free balance, and does what the stranger says. */
async function withHostileAccount() {
  const world = await newWorld();
  const { market, stranger, chain } = world;
  const account = await chain.ethers.deployContract("HostileAccount", [stranger]);
  await fund(world, account, PROVIDER_STAKE);
  const act = (calldata: string) => account.connect(stranger).execute(market, calldata);
  return { world, account, act };
}
