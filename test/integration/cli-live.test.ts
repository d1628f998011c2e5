import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTouchstoneFetch, encodeKeptReceipt, type KeptReceipt } from "@touchstone/sdk";
import { courtAbi, type Receipt, receiptDigest } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { bytesToHex, decodeFunctionData, parseEther, toHex } from "viem";
import { checkLive } from "../../provider-node/src/cli/check-live.ts";
import { marketClient } from "../../provider-node/src/cli/market.ts";
import { loadSettings, requireConfig } from "../../provider-node/src/config-sources.ts";
import { writeKeystore } from "../../provider-node/src/keystore.ts";
import { placeStandIns } from "../../scripts/network/stand-ins.ts";
import { ownCommand } from "./support/own-command.ts";
import { AMOUNT, liveCall } from "./support/receipts.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { startTouchstone } from "./support/touchstone.ts";

const PASSWORD = { TOUCHSTONE_PASSWORD: "correct horse" };
const WEAK = 1024;

describe("touchstone for who sells calls", function () {
  this.timeout(120_000);
  let folder: string;
  let config: string;
  let world: World;
  let provider: Awaited<ReturnType<World["newcomer"]>>;
  let operator: `0x${string}`;
  let node: ChildProcess | undefined;
  let kept: KeptReceipt;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-cli-live-"));
    config = path.join(folder, "config.json");
    world = await startWorld();
    provider = await world.newcomer();
    const privateKey = bytesToHex(provider.account.getHdKey().privateKey!);
    await writeKeystore(path.join(folder, "cold.json"), privateKey, PASSWORD.TOUCHSTONE_PASSWORD, WEAK);
    const { operator: made } = await json(
      ...["init", "--yes", "--data-dir", folder, "--rpc-urls", world.rpcUrl, "--market", world.market],
      ...["--provider", provider.account.address, "--port", "0", "--confirmations", "1", "--poll-interval-ms", "50"],
      ...["--gpu", "cpu", "--min-free-disk-bytes", "0", "--allow-private-networks", "true"],
    );
    operator = made;
  });

  after(async () => {
    node?.kill("SIGKILL");
    await world?.stop();
    await rm(folder, { recursive: true });
  });

  const json = async (...args: string[]) => {
    const place = args.includes("--data-dir") ? [] : ["--config", config];
    const { code, stdout, stderr } = await ownCommand([...args, "--json", ...place]);
    return { code, stderr, ...(stdout === "" ? {} : JSON.parse(stdout)) };
  };
  /** With the provider's own key. */
  const cold = async (...args: string[]) => {
    const key = ["--keystore", path.join(folder, "cold.json"), "--json", "--config", config];
    const { code, stdout, stderr } = await ownCommand([...args, ...key], PASSWORD);
    return { code, stderr, ...(stdout === "" ? {} : JSON.parse(stdout)) };
  };
  /** What `doctor` finds of the live lane, given flags. */
  const findings = async (flags: Record<string, string> = {}, coinPrice?: string) => {
    const settings = await loadSettings({ flags: { config, ...flags }, env: {}, cwd: folder });
    const own = requireConfig(settings);
    const found = await checkLive(marketClient(own), own, { operator, coinPrice });
    expect(found.filter(({ state, mend }) => state !== "ok" && !mend)).to.deep.equal([]);
    return Object.fromEntries(found.map(({ check, state }) => [check, state]));
  };
  const verify = async (receipts: readonly KeptReceipt[], ...args: string[]) => {
    const file = path.join(folder, "receipts.jsonl");
    await writeFile(file, receipts.map((one) => `${encodeKeptReceipt(one)}\n`).join(""));
    return json("verify", file, ...args);
  };

  describe("doctor", () => {
    it("says where calls cannot be sold, and where they are not meant to be", async () => {
      expect(await findings()).to.deep.equal({ "live calls": "warning" });
      expect(await findings({ live: "false" })).to.deep.equal({ "live calls": "ok" });
      await placeStandIns(world.rpcUrl);
    });

    it("misses bond and gas money, and warns of what buyers or the node would lose by", async () => {
      expect(await findings()).to.deep.equal({
        ...{ "live calls": "ok", "live bond": "warning", withdrawals: "ok", "encryption key": "ok" },
        ...{ claims: "ok", "gas for claims": "warning" },
      });
      expect(await findings({ withdrawDelaySeconds: "700000" })).to.include({ withdrawals: "warning" });
      await world.tester.setBalance({ address: operator, value: parseEther("1") });
      expect(await findings({}, "1")).to.include({ claims: "ok", "gas for claims": "ok" });
      expect(await findings({ claimValue: "1" }, "3000")).to.include({ claims: "warning" });
    });
  });

  describe("bond", () => {
    it("is for the provider's own key, or printed for a wallet elsewhere", async () => {
      expect((await json("bond", "post", "10")).stderr).to.include("KEYSTORE_INVALID");
      const { transactions } = await json("bond", "post", "10", "--calldata");
      expect(transactions).to.have.length(3);
      const { functionName, args } = decodeFunctionData({ abi: courtAbi, data: transactions[2].data });
      expect([functionName, args]).to.deep.equal(["postBond", [10_000_000n]]);
    });

    it("is posted with a deposit of what the balance lacks, and says up to which call it lets the node sell", async () => {
      const posted = await cold("bond", "post", "10");
      expect([posted.code, posted.transactions?.length], posted.stderr).to.deep.equal([0, 3]);
      const { counted, reach } = await json("bond", "status");
      expect([counted, reach.perCall]).to.deep.equal(["10000000", "10000"]);
      expect(await findings()).to.include({ "live bond": "ok" });
      expect(await findings({ pricePerItem: "20000" })).to.include({ "live bond": "warning" });
    });

    it("ends in a typed error where tokens or bond are too few", async () => {
      expect((await cold("bond", "post", "5000")).stderr).to.include("TOKENS_MISSING");
      expect((await cold("bond", "exit", "11")).stderr).to.include("BOND_TOO_LOW");
      expect((await cold("bond", "withdraw")).stderr).to.include("BOND_TOO_LOW");
      expect((await cold("bond", "post", "0.0000001")).code).to.equal(2);
    });
  });

  describe("with a node that sells", () => {
    it("status tells what calls brought", async () => {
      await provider.setOperator({ operator, validUntil: 2 ** 40 - 1 });
      await cold("stake", "30");
      node = startTouchstone(["start", "--config", config]);
      let log = "";
      node.stderr?.on("data", (text) => {
        log += text;
      });
      let status = await json("status");
      while (!status.node?.isReady) {
        expect(node.exitCode, log).to.equal(null);
        await sleep(100);
        status = await json("status");
      }
      expect(status.node.live).to.deep.include({ calls: 0, charged: "0", unclaimed: "0" });
      await provider.updateProvider({ provider: provider.account.address, uri: `${status.node.url}/card` });

      const { account: wallet } = await world.newcomer();
      const budget = { total: 5_000_000n };
      const fetch = createTouchstoneFetch({ wallet, rpcUrl: world.rpcUrl, market: world.market, budget });
      const body = JSON.stringify({
        model: "storyteller",
        max_tokens: 24,
        messages: [{ role: "user", content: "A fox" }],
      });
      const answer = await fetch("https://touchstone.invalid/v1/chat/completions", { method: "POST", body });
      expect(answer.status, await answer.text()).to.equal(200);
      await fetch.close();
      kept = (await fetch.receipts())[0]!;

      const { node: after, money } = await json("status");
      const charged = kept.envelope.receipt.amount.toString();
      expect(after.live).to.deep.equal({ calls: 1, running: 0, channels: 1, charged, unclaimed: charged });
      expect(money.bond).to.include({ amount: "10000000", leaving: "0", openCases: 0 });
      const { stdout } = await ownCommand(["status", "--config", config]);
      expect(stdout).to.include("1 charged since the start");
    });

    it("verify takes the buyer's receipt, lightly and with the model", async () => {
      const light = await verify([kept]);
      expect([light.code, light.verdict, light.level], light.stderr).to.deep.equal([0, "plausible", "light"]);
      const full = await verify([kept], "--full");
      expect([full.code, full.verdict, full.level], JSON.stringify(full)).to.deep.equal([0, "confirmed", "full"]);
    });

    it("verify says nothing about a provider that did not sign, nor of other bytes or another market", async () => {
      const { envelope } = kept;
      const bytes = new TextEncoder().encode("other bytes");
      const forged = { ...envelope, signature: toHex(1, { size: 65 }) };
      for (const changed of [{ request: bytes }, { output: bytes }, { envelope: forged }, { job: kept.digest }]) {
        const { code, receipts } = await verify([{ ...kept, ...changed }]);
        expect([code, receipts[0].reason.code], Object.keys(changed)[0]).to.deep.equal([2, "CONTENT_ROOT_MISMATCH"]);
      }
    });

    it("verify refutes a receipt that counts other tokens than its answer has, and two for one call", async () => {
      const seller = await world.newcomer();
      const keptOf = async (changes: Partial<Receipt>): Promise<KeptReceipt> => {
        const { envelope, job, request, output } = await liveCall(world, { buyer: seller, provider: seller }, changes);
        const digest = receiptDigest({ chainId: 31_337, market: world.market, receipt: envelope.receipt });
        const rest = { endpoint: "http://127.0.0.1:1", receivedAt: 0, faults: [], recheck: undefined };
        return { ...{ digest, job, envelope, request, output }, ...rest };
      };
      const one = await keptOf({});
      const double = await keptOf({ issuedAt: one.envelope.receipt.issuedAt + 1, cumulative: 5n * AMOUNT });
      const overcounted = await keptOf({ seq: 2n, cumulative: 2n * AMOUNT, promptTokens: 8 });
      const forged = { ...double, envelope: { ...double.envelope, signature: toHex(1, { size: 65 }) } };
      const cases: [KeptReceipt[], number, (string | undefined)[]][] = [
        [[one, double], 1, ["RECEIPT_SEQ", "RECEIPT_SEQ"]],
        [[one, overcounted], 1, [undefined, "RECEIPT_AMOUNT"]],
        [[one, forged], 2, [undefined, undefined]],
      ];
      for (const [receipts, code, codes] of cases) {
        const ended = await verify(receipts);
        const found = ended.receipts.map(({ faults }: { faults: { code: string }[] }) => faults[0]?.code);
        expect([ended.code, found]).to.deep.equal([code, codes]);
      }
    });
  });

  describe("bond, once no more calls are sold", () => {
    it("comes back after its delay, and counts for buyers no more meanwhile", async () => {
      expect((await cold("bond", "exit", "4")).code).to.equal(0);
      const { counted, bondDelay } = await json("bond", "status");
      expect(counted).to.equal("6000000");
      expect((await cold("bond", "withdraw")).stderr).to.include("BOND_NOT_DUE");
      await world.pass(bondDelay);
      expect((await cold("bond", "withdraw")).code).to.equal(0);
      expect((await provider.getBond({ provider: provider.account.address })).amount).to.equal(6_000_000n);
    });
  });
});
