import { expect } from "chai";
import { registrationsOf } from "./registrations.ts";

const REGISTRY = "0x8004A169FB4a3325136EB29fA0ceB6D2e539a432";

describe("the agents that a card says it is", () => {
  it("are read with chain and registry", () => {
    const read = registrationsOf([{ agentId: 22, agentRegistry: `eip155:8453:${REGISTRY.toLowerCase()}` }]);
    expect(read).to.deep.equal([{ agentId: "22", chainId: 8453, registry: REGISTRY }]);
  });

  it("are left out where they make no sense", () => {
    const wrong = [{ agentId: 1 }, { agentId: -1, agentRegistry: `eip155:1:${REGISTRY}` }, null, "x"];
    expect(registrationsOf(wrong)).to.deep.equal([]);
    expect(registrationsOf([{ agentId: 1, agentRegistry: `solana:1:${REGISTRY}` }])).to.deep.equal([]);
    expect(registrationsOf([{ agentId: 1, agentRegistry: "eip155:1:0x12" }])).to.deep.equal([]);
    expect(registrationsOf(undefined)).to.deep.equal([]);
  });
});
