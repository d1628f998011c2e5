import {
  encodeOutput,
  encodeRequest,
  inputRoot,
  type JobSpec,
  jobId,
  type ResultEvidence,
  resultRoot,
  traceRoot,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type Hex, keccak256, zeroAddress, zeroHash } from "viem";
import { resultChecks } from "./result-checks.ts";

const MARKET = "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707";
const PROVIDER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

function evidenceOf(): ResultEvidence {
  const requests = ["one", "two"].map((prompt) => encodeRequest(prompt));
  const spec: JobSpec = {
    client: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    provider: PROVIDER,
    model: `0x${"11".repeat(32)}`,
    input: inputRoot(requests.map((bytes) => keccak256(bytes))),
    items: 2,
    price: 1n,
    acceptBy: 1,
    submitWithin: 1,
    challengeWindow: 1,
    flags: 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt: zeroHash,
  };
  const job = jobId({ chainId: 31_337, market: MARKET, spec });
  const trace = new Uint8Array();
  const items = requests.map((request) => {
    const output = encodeOutput({ error: { code: "BUSY", message: "Not now." } });
    return { request, output, trace, traceRoot: traceRoot(trace) };
  });
  const leaves = items.map(({ output, traceRoot }) => ({ outputHash: keccak256(output), traceRoot }));
  const root = resultRoot({ job, provider: PROVIDER, items: leaves });
  return { chainId: 31_337, market: MARKET, job, spec, provider: PROVIDER, root, verified: false, items };
}

const failedOf = (evidence: ResultEvidence, faults: Parameters<typeof resultChecks>[1] = []) =>
  resultChecks(evidence, faults)
    .filter(({ isPassed }) => !isPassed)
    .map(({ name }) => name);

describe("the lines of a check", () => {
  it("are four of hashes and one an item, all passed where everything fits", () => {
    const checks = resultChecks(evidenceOf(), []);
    expect(checks.map(({ name }) => name)).to.deep.equal(["Terms", "Prompts", "Answers", "Traces", "Item 1", "Item 2"]);
    expect(checks.every(({ isPassed }) => isPassed)).to.equal(true);
  });

  it("fail where the bytes behind them were changed", () => {
    const evidence = evidenceOf();
    const [first, second] = evidence.items as [ResultEvidence["items"][0], ResultEvidence["items"][0]];
    const other: Hex = `0x${"22".repeat(32)}`;
    expect(failedOf({ ...evidence, spec: { ...evidence.spec, price: 2n } })).to.deep.equal(["Terms"]);
    expect(failedOf({ ...evidence, items: [{ ...first, request: encodeRequest("x") }, second] })).to.deep.equal([
      "Prompts",
    ]);
    expect(failedOf({ ...evidence, items: [{ ...first, output: new Uint8Array([1]) }, second] })).to.deep.equal([
      "Answers",
    ]);
    expect(failedOf({ ...evidence, root: other })).to.deep.equal(["Answers"]);
    expect(failedOf({ ...evidence, items: [{ ...first, trace: new Uint8Array(52) }, second] })).to.deep.equal([
      "Traces",
    ]);
  });

  it("tell what contradicts itself at its item", () => {
    const faults = [{ item: 1, code: "TEXT_WRONG", message: "The text is of other tokens." }] as const;
    expect(failedOf(evidenceOf(), faults)).to.deep.equal(["Item 2"]);
    expect(resultChecks(evidenceOf(), faults).at(-1)?.sentence).to.equal("The text is of other tokens.");
  });
});
