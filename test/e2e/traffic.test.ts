import { setTimeout as sleep } from "node:timers/promises";
import { JobStatus, type ProviderCard } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type LocalNetwork, startNetwork } from "../../scripts/network/network.ts";
import { startTraffic, type Traffic } from "../../scripts/network/traffic.ts";

describe("a network with traffic", function () {
  this.timeout(180_000);
  let network: LocalNetwork;
  let traffic: Traffic;
  const said: string[] = [];

  before(async () => {
    network = await startNetwork(() => {});
    traffic = await startTraffic(network, (step) => said.push(step));
  });
  after(async () => {
    await traffic?.stop();
    await network?.close();
  });

  async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const seen = await look();
      if (seen !== undefined) {
        return seen;
      }
      await sleep(250);
    }
  }

  it("has jobs that are done and paid, and no trouble", async () => {
    const { buyer } = network;
    const settled = await until(async () => {
      const jobs = await buyer.listJobs();
      const states = await Promise.all(jobs.map(({ job }) => buyer.getJob({ job })));
      return states.find(({ status }) => status === JobStatus.Settled);
    });
    expect(settled).to.include({ status: JobStatus.Settled });
    expect(said).to.deep.equal([]);
  });

  it("has every provider measure what it sells", async () => {
    for (const { url } of network.providers) {
      const measured = await until(async () => {
        const card = (await (await fetch(`${url}/card`)).json()) as ProviderCard;
        expect(card.touchstone.upSince).to.be.greaterThan(1_700_000_000);
        return card.touchstone.models[0]?.measured;
      });
      expect(measured.tokensPerSecond).to.be.greaterThan(0);
    }
  });
});
