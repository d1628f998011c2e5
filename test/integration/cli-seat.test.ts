import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { courtAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { bytesToHex, decodeFunctionData, getAddress, type Hex } from "viem";
import { writeKeystore } from "../../provider-node/src/keystore.ts";
import { ownCommand } from "./support/own-command.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { verifiedStoryteller } from "./support/verified-model.ts";

const PASSWORD = { TOUCHSTONE_PASSWORD: "correct horse" };
const WEAK = 1024;

describe("touchstone seat", function () {
  this.timeout(120_000);
  let folder: string;
  let world: World;
  let validator: Awaited<ReturnType<World["newcomer"]>>;
  let flags: string[];

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-cli-seat-"));
    world = await startWorld();
    validator = await world.newcomer();
    const keystore = path.join(folder, "cold.json");
    const privateKey = bytesToHex(validator.account.getHdKey().privateKey!);
    await writeKeystore(keystore, privateKey, PASSWORD.TOUCHSTONE_PASSWORD, WEAK);
    const model = await verifiedStoryteller(folder);
    const chain = ["--rpc-urls", world.rpcUrl, "--market", world.market, "--poll-interval-ms", "50"];
    const own = ["--seat", validator.account.address, "--keystore", keystore, "--models", model];
    flags = [...chain, ...own, "--data-dir", folder];
  });

  after(async () => {
    await world?.stop();
    await rm(folder, { recursive: true });
  });

  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await ownCommand(["seat", ...args, "--json", ...flags], PASSWORD);
    return { code, stderr, ...(stdout === "" ? {} : JSON.parse(stdout)) };
  };

  it("stakes, with a deposit of what the balance lacks, and joins the panels of its models, opening them", async () => {
    expect(await run("status")).to.deep.include({ code: 0, seat: 0, stake: "0" });
    const staked = await run("stake", "50");
    expect([staked.code, staked.transactions.length]).to.deep.equal([0, 3]);
    const joined = await run("join");
    expect([joined.code, joined.transactions.length]).to.deep.equal([0, 2]);
    const { seat, stake, panels } = await run("status");
    expect([seat, stake]).to.deep.equal([1, "50000000"]);
    expect(panels).to.have.length(1);
    expect(panels[0]).to.include({ name: "storyteller", seats: 1, isVerified: false });
    expect(panels[0].joinedAt).to.be.greaterThan(0);
  });

  it("prints what a wallet elsewhere should sign", async () => {
    const { transactions } = await run("claim", "--calldata");
    const [{ to, data }] = transactions as { to: string; data: Hex }[];
    expect(getAddress(to)).to.equal(getAddress(world.court));
    const { functionName, args } = decodeFunctionData({ abi: courtAbi, data });
    expect([functionName, args]).to.deep.equal(["claim", [validator.account.address]]);
  });

  it("leaves, and its stake stays for its time", async () => {
    expect((await run("leave")).code).to.equal(0);
    const { panels } = await run("status");
    expect(panels[0]).to.not.have.property("joinedAt");
    expect((await run("withdraw")).code).to.not.equal(0);
    expect((await validator.getSeat()).stake).to.equal(50_000_000n);
  });

  it("asks for what the settings lack", async () => {
    const { code, stderr } = await ownCommand(["seat", "status", "--market", world.market, "--data-dir", folder]);
    expect(code).to.equal(2);
    expect(stderr).to.include("CONFIG_MISSING");
  });
});
