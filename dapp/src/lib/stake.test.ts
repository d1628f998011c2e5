import { expect } from "chai";
import { freeStake, seatFreeAt } from "./stake.ts";

describe("what can be taken back", () => {
  const state = { stake: 100n, exposure: 0n, minStake: 25n, exposureShare: 5_000 };

  it("frees the whole stake where no work is under way", () => {
    expect(freeStake(state)).to.equal(100n);
  });

  it("keeps what work under way needs, the least stake at least", () => {
    expect(freeStake({ ...state, exposure: 1n })).to.equal(75n);
    expect(freeStake({ ...state, exposure: 30n })).to.equal(40n);
    expect(freeStake({ ...state, exposure: 50n })).to.equal(0n);
    expect(freeStake({ ...state, exposure: 90n })).to.equal(0n);
    expect(freeStake({ ...state, exposure: 31n, exposureShare: 3_333 })).to.equal(6n);
  });

  it("holds a seat's stake until long enough after it left its last panel", () => {
    expect(seatFreeAt({ panels: [] }, 60)).to.equal(0);
    expect(seatFreeAt({ panels: [{ leftAt: 10 }, { leftAt: 30 }] }, 60)).to.equal(90);
    expect(seatFreeAt({ panels: [{ leftAt: 10 }, { leftAt: undefined }] }, 60)).to.equal(undefined);
  });
});
