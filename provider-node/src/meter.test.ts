import { expect } from "chai";
import { Meter } from "./meter.ts";

describe("what a node measured", () => {
  it("is nothing before the first generation", () => {
    expect(new Meter(() => 1_000).of("m")).to.equal(undefined);
  });

  it("is the first generation, and the time at which the measuring began", () => {
    let now = 1_000;
    const meter = new Meter(() => now);
    meter.note("m", { tokens: 11, seconds: 1.5, firstTokenMs: 500 });
    expect(meter.of("m")).to.deep.equal({ firstTokenMs: 500, tokensPerSecond: 10, calls: 1, since: 1_000 });
    now = 2_000;
    meter.note("m", { tokens: 11, seconds: 1.5, firstTokenMs: 500 });
    expect(meter.of("m")).to.deep.equal({ firstTokenMs: 500, tokensPerSecond: 10, calls: 2, since: 1_000 });
    expect(meter.of("other")).to.equal(undefined);
  });

  it("moves towards what is new, however long it was otherwise", () => {
    const meter = new Meter(() => 0);
    for (const [count, firstTokenMs] of [
      [1_000, 100],
      [50, 1_000],
    ] as const) {
      for (let call = 0; call < count; call++) {
        meter.note("m", { tokens: 2, seconds: 2 * (firstTokenMs / 1_000), firstTokenMs });
      }
    }
    expect(meter.of("m")?.firstTokenMs).to.be.within(990, 1_000);
    expect(meter.of("m")?.tokensPerSecond).to.be.within(1, 1.1);
  });

  it("takes more of its speed from long answers than from short ones", () => {
    const meter = new Meter(() => 0);
    meter.note("m", { tokens: 1_001, seconds: 10.1, firstTokenMs: 100 });
    meter.note("m", { tokens: 2, seconds: 0.101, firstTokenMs: 100 }); // a thousand tokens a second, of one
    expect(meter.of("m")?.tokensPerSecond).to.be.within(99, 101);
  });

  it("leaves out what tells no speed", () => {
    const meter = new Meter(() => 0);
    meter.note("m", { tokens: 1, seconds: 1, firstTokenMs: 1_000 });
    meter.note("m", { tokens: 0, seconds: 0, firstTokenMs: 0 });
    meter.note("m", { tokens: 5, seconds: 0.5, firstTokenMs: 500 });
    expect(meter.of("m")).to.equal(undefined);
  });
});
