import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import type { JobRow } from "../store/jobs.ts";
import { eventOfFailure } from "./failure.ts";
import { apply, type Origin, unseen } from "./machine.ts";

function job(origin: Origin, isAccepted: boolean, attempts = 0): JobRow {
  const spec = {
    client: zeroAddress,
    provider: zeroAddress,
    model: zeroHash,
    input: zeroHash,
    items: 1,
    price: 1n,
    acceptBy: 1,
    submitWithin: 1,
    challengeWindow: 1,
    flags: 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt: zeroHash,
  };
  const fresh = unseen(origin);
  const state = isAccepted ? apply(fresh, { type: "accepted", block: 1, at: 1, verified: false }) : fresh;
  return { id: zeroHash, spec, uri: "", state, attempts };
}

describe("what a failure means for its job", () => {
  it("is another try, where it may pass or nobody knows why", () => {
    expect(eventOfFailure(new NodeError("RPC_UNAVAILABLE", ""), "submit", job("none", true))).to.equal(undefined);
    expect(eventOfFailure(new TypeError("bug"), "fetch", job("none", false, 99))).to.equal(undefined);
  });

  it("is the end of an execution after five tries, so that the job is given back in time", () => {
    const error = new NodeError("ENGINE_FAILED", "");
    expect(eventOfFailure(error, "execute", job("none", true, 3))).to.equal(undefined);
    expect(eventOfFailure(error, "execute", job("none", true, 4))).to.have.property("type", "failed");
  });

  it("is a refusal of a job that nobody was promised, and a failure of one that was", () => {
    const error = new NodeError("INPUT_MISMATCH", "Other bytes.");
    const reason = { code: "INPUT_MISMATCH", message: "Other bytes." };
    expect(eventOfFailure(error, "fetch", job("none", false))).to.deep.equal({ type: "refused", reason });
    expect(eventOfFailure(error, "fetch", job("none", true))).to.deep.equal({ type: "failed", reason });
    expect(eventOfFailure(error, "fetch", job("ordered", false))).to.deep.equal({ type: "failed", reason });
  });

  it("is another try of an answer, whatever went wrong: the stake hangs on it", () => {
    for (const code of ["BLOB_MISSING", "BLOB_CORRUPT", "WORK_ABANDONED"] as const) {
      expect(eventOfFailure(new NodeError(code, ""), "answer", job("none", true, 99))).to.equal(undefined);
    }
  });

  it("is a new fetch where an input was lost after it had been here", () => {
    const error = new NodeError("BLOB_CORRUPT", "");
    expect(eventOfFailure(error, "execute", job("none", true))).to.deep.equal({ type: "inputLost" });
    expect(eventOfFailure(error, "fetch", job("none", true))).to.equal(undefined);
  });
});
