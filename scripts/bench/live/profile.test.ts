import { expect } from "chai";
import { type Profile, splitOf } from "./profile.ts";

const frame = (functionName: string, url = "") => ({
  functionName,
  url,
  scriptId: "0",
  lineNumber: 0,
  columnNumber: 0,
});

describe("the split of a profile by step", () => {
  it("gives time to the frame nearest to the work that is known, and none to idle time", () => {
    const profile: Profile = {
      startTime: 0,
      endTime: 0,
      nodes: [
        { id: 1, callFrame: frame("(root)"), children: [2, 5, 6] },
        { id: 2, callFrame: frame("sell", "file:///x/provider-node/src/http/openai/sale.ts"), children: [3] },
        { id: 3, callFrame: frame("sign", "file:///x/provider-node/src/live/receipts.ts"), children: [4] },
        { id: 4, callFrame: frame("multiply", "file:///x/node_modules/curves/weierstrass.js") },
        { id: 5, callFrame: frame("(idle)") },
        { id: 6, callFrame: frame("unknown", "file:///x/other.js") },
      ],
      samples: [4, 4, 2, 5, 6],
      timeDeltas: [30, 30, 20, 1_000, 20],
    };
    const split = splitOf(profile);
    expect(split["sign receipt"]).to.equal(0.6);
    expect(split["http server and routing"]).to.equal(0.2);
    expect(split.other).to.equal(0.2);
    expect(Object.values(split).reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 0.01);
  });
});
