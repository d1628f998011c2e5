import { expect } from "chai";
import { distanceOf } from "./recheck.ts";

const reference = [5, 4, 3, 2, 1].map((logit, id) => ({ id, logit }));

describe("the distance of committed logits", () => {
  it("is the root mean square of what differs beside a common shift", () => {
    const shifted = reference.map(({ id, logit }) => ({ id, logit: logit + 0.7 }));
    expect(distanceOf(shifted, reference)).to.be.closeTo(0, 1e-12);
    const bent = reference.map(({ id, logit }) => ({ id, logit: logit + (id === 0 ? 0.5 : 0) }));
    expect(distanceOf(bent, reference)).to.be.closeTo(0.2, 1e-12);
  });

  it("is the most for ids that the reference does not rank, whatever their logits", () => {
    const strange = reference.map(({ id }) => ({ id: id + 100, logit: 1 }));
    expect(distanceOf(strange, reference)).to.equal(8);
    const [first, ...others] = reference;
    expect(distanceOf([{ id: 100, logit: first!.logit }, ...others], reference)).to.be.closeTo(8 / Math.sqrt(5), 1e-12);
  });

  it("is none where a logit is more than a trace can say", () => {
    const high = reference.map(({ id, logit }) => ({ id, logit: logit + 125 }));
    const committed = high.map(({ id, logit }) => ({ id, logit: Math.min(logit, 32_767 / 256) }));
    expect(distanceOf(committed, high)).to.equal(0);
  });

  it("counts no difference for more than the most", () => {
    const wild = reference.map(({ id, logit }) => ({ id, logit: logit + (id % 2) * 1e6 }));
    expect(distanceOf(wild, reference)).to.equal(8);
  });
});
