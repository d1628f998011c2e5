import { expect } from "chai";
import type { EntryCheck } from "../engine/engine.ts";
import { summarise, windowDistances } from "./statistics.ts";

const entries = (...distances: number[]): EntryCheck[] =>
  distances.map((distance) => ({ matches: true, margin: 0, distance }));

describe("statistics of a case", () => {
  it("average distances over sixteen entries, the rest with the last of them", () => {
    const all = entries(...Array(16).fill(1), ...Array(16).fill(2), ...Array(15).fill(3));
    const last = Math.sqrt((16 * 4 + 15 * 9) / 31);
    expect(windowDistances(all)).to.deep.equal([1, last]);
    expect(summarise(all).distance).to.equal(last);
  });

  it("make one window of a few entries, and none of nothing", () => {
    expect(windowDistances(entries(3, 3, 3))).to.deep.equal([3]);
    expect(windowDistances([])).to.deep.equal([]);
    expect(summarise([])).to.deep.equal({ tokens: 0, mismatches: 0, margin: 0, distance: 0 });
  });

  it("count mismatches and average margins, over a whole case at least", () => {
    const some = [...entries(0, 0, 0), { matches: false, margin: 0.5, distance: 0 }];
    expect(summarise(some)).to.deep.equal({ tokens: 4, mismatches: 1, margin: 0.5 / 512, distance: 0 });
    const many = [...entries(...Array(1023).fill(0)), { matches: false, margin: 0.5, distance: 0 }];
    expect(summarise(many).margin).to.equal(0.5 / 1024);
  });
});
