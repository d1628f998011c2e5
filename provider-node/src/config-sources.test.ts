import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { flagName, SETTINGS, type Settings, variableName } from "./config.ts";
import { loadSettings, requireConfig } from "./config-sources.ts";
import { NodeError } from "./errors.ts";

const MARKET = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const PROVIDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

interface Sources {
  flags?: Record<string, string>;
  env?: Record<string, string>;
  file?: unknown;
}

describe("settings", () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-config-"));
  });

  afterEach(() => rm(dataDir, { recursive: true }));

  async function load({ flags = {}, env = {}, file }: Sources): Promise<Settings> {
    if (file !== undefined) {
      await writeFile(path.join(dataDir, "config.json"), typeof file === "string" ? file : JSON.stringify(file));
    }
    return await loadSettings({ flags: { dataDir, ...flags }, env, cwd: "/somewhere" });
  }

  async function refusal(sources: Sources): Promise<NodeError> {
    const error: unknown = await load(sources).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NodeError);
    return error as NodeError;
  }

  it("come from flags over environment over file over standards", async () => {
    const file = { port: 1, maxItems: 1, concurrency: 1 };
    const env = { TOUCHSTONE_PORT: "2", TOUCHSTONE_MAX_ITEMS: "2" };
    const settings = await load({ flags: { port: "3" }, env, file });
    expect(settings).to.include({ port: 3, maxItems: 2, concurrency: 1, stuckBlocks: 3 });
  });

  it("read every kind, as JSON and as text", async () => {
    const buyers = [MARKET.toLowerCase(), PROVIDER];
    const inJson = {
      buyers,
      pricePerItem: "18446744073709551615",
      maxFeePerGas: 0.5,
      settle: false,
      maxBodyBytes: 2048,
      rpcUrls: ["https://one.example/", "http://two.example:8545"],
      gpu: "cpu",
    };
    const asText = {
      buyers: buyers.join(", "),
      pricePerItem: "18446744073709551615",
      maxFeePerGas: "0.5",
      settle: "false",
      maxBodyBytes: "2 KiB",
      rpcUrls: "https://one.example/,http://two.example:8545",
      gpu: "cpu",
    };
    const expected = {
      buyers: [MARKET, PROVIDER],
      pricePerItem: 2n ** 64n - 1n,
      maxFeePerGas: 500_000_000n,
      settle: false,
      maxBodyBytes: 2048,
      rpcUrls: ["https://one.example", "http://two.example:8545"],
      gpu: "cpu",
    };
    expect(await load({ file: inJson })).to.deep.include(expected);
    expect(await load({ file: {}, flags: asText })).to.deep.include(expected);
  });

  it("refuse what is no value of their kind, all faults at once", async () => {
    const faults: [keyof Settings, unknown][] = [
      ["port", 70_000],
      ["port", "eighty"],
      ["maxItems", 0],
      ["maxItems", 1.5],
      ["pricePerItem", -1],
      ["pricePerItem", "1.5"],
      ["pricePerItem", "18446744073709551616"],
      ["maxFeePerGas", "a lot"],
      ["market", "0x5FbDB2315678afecb367f032d93F642f64180aA3"], // wrong checksum
      ["rpcUrls", "ftp://one.example"],
      ["settle", "maybe"],
      ["maxBodyBytes", "1 MB"],
      ["gpu", "tpu"],
      ["buyers", [PROVIDER, "nobody"]],
      ["name", "two\nlines"],
    ];
    for (const [name, value] of faults) {
      const error = await refusal({ file: { [name]: value } });
      expect(error.code, `${name} ${value}`).to.equal("CONFIG_INVALID");
      expect(error.message).to.include(`\`${name}\``);
    }
    const { details } = await refusal({ file: { port: -1, maxItems: 0 }, env: { TOUCHSTONE_GPU: "tpu" } });
    expect(details.issues).to.have.length(3);
  });

  it("refuse names that do not exist, and say the nearest", async () => {
    const misspelt = [{ file: { pricePerItm: 1 } }, { flags: { pricePerItm: "1" } }];
    for (const sources of misspelt) {
      const error = await refusal(sources);
      expect([error.code, error.details.nearest]).to.deep.equal(["CONFIG_UNKNOWN_KEY", "pricePerItem"]);
    }
    const { code, details } = await refusal({ file: {}, env: { TOUCHSTONE_PRICE_PER_ITM: "1" } });
    expect([code, details.nearest]).to.deep.equal(["CONFIG_UNKNOWN_KEY", "TOUCHSTONE_PRICE_PER_ITEM"]);
  });

  it("mean relative paths from the file that names them, else from the working folder", async () => {
    const file = { keystore: "key.json", models: ["storyteller", "hf:a/b/c.gguf", "models/x.gguf"] };
    const settings = await load({ file, env: { TOUCHSTONE_PASSWORD_FILE: "secret" } });
    expect(settings.keystore).to.equal(path.join(dataDir, "key.json"));
    expect(settings.passwordFile).to.equal(path.resolve("/somewhere/secret"));
    expect(settings.models).to.deep.equal(["storyteller", "hf:a/b/c.gguf", path.join(dataDir, "models/x.gguf")]);
  });

  it("keep the key in the data folder, also one that only the file names", async () => {
    const other = path.join(dataDir, "elsewhere.json");
    await writeFile(other, JSON.stringify({ dataDir: "data" }));
    const settings = await loadSettings({ flags: {}, env: { TOUCHSTONE_CONFIG: other }, cwd: "/" });
    expect(settings.dataDir).to.equal(path.join(dataDir, "data"));
    expect(settings.keystore).to.equal(path.join(dataDir, "data", "keys", "operator.json"));
  });

  it("need no file, but a named one must be there and hold an object", async () => {
    expect((await load({})).port).to.equal(SETTINGS.port.standard);
    expect((await refusal({ flags: { config: "nowhere.json" } })).code).to.equal("CONFIG_UNREADABLE");
    expect((await refusal({ file: "{" })).code).to.equal("CONFIG_UNREADABLE");
    expect((await refusal({ file: "[]" })).code).to.equal("CONFIG_UNREADABLE");
  });

  it("take an empty variable as not set", async () => {
    expect((await load({ env: { TOUCHSTONE_PUBLIC_URL: "" } })).publicUrl).to.equal(undefined);
  });

  it("take the password from the environment alone, and never repeat it", async () => {
    expect((await load({ env: { TOUCHSTONE_PASSWORD: "secret" } })).password).to.equal("secret");
    expect((await load({ flags: { password: "secret" } })).password).to.equal(undefined);
    const error = await refusal({ env: { TOUCHSTONE_PASSWORD: "two\nlines" } });
    expect(error.message).to.not.include("lines\\n").and.not.include("two");
    expect((await refusal({ file: { password: "secret" } })).code).to.equal("CONFIG_INVALID");
  });

  it("of a node name a market and a provider, and do not change", async () => {
    const settings = await load({ env: { TOUCHSTONE_MARKET: MARKET } });
    expect(() => requireConfig(settings))
      .to.throw(NodeError)
      .with.property("code", "CONFIG_MISSING");
    const config = requireConfig(await load({ flags: { provider: PROVIDER }, env: { TOUCHSTONE_MARKET: MARKET } }));
    expect(config).to.include({ market: MARKET, provider: PROVIDER });
    expect(Object.isFrozen(config)).to.equal(true);
  });

  it("of a node that only judges need no provider: the seat stands in its place", async () => {
    const only = { market: MARKET, seat: PROVIDER };
    const judging = requireConfig(await load({ flags: { ...only, serve: "false" } }));
    expect(judging).to.include({ seat: PROVIDER, provider: PROVIDER });
    const serving = await load({ flags: only });
    expect(() => requireConfig(serving))
      .to.throw(NodeError)
      .with.property("code", "CONFIG_MISSING");
  });

  it("have flags and variables of their own", () => {
    expect([flagName("maxFeePerGas"), variableName("maxFeePerGas")]).to.deep.equal([
      "max-fee-per-gas",
      "TOUCHSTONE_MAX_FEE_PER_GAS",
    ]);
  });
});
