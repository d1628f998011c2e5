import { expect } from "chai";
import fc from "fast-check";
import { inParallel } from "./in-parallel.ts";

describe("work in parallel", () => {
  it("keeps the order, does each item once and never more than the limit at once", () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 5 }),
        async (order, items, limit) => {
          let working = 0;
          let most = 0;
          const doubling = inParallel(items, limit, async (item) => {
            working += 1;
            most = Math.max(most, working);
            await order.schedule(Promise.resolve());
            working -= 1;
            return item * 2;
          });
          await order.waitFor(doubling);
          expect(await doubling).to.deep.equal(items.map((item) => item * 2));
          expect(most).to.be.at.most(limit);
        },
      ),
    ));

  it("fails with the first failure", async () => {
    const failure = new Error("second");
    const work = inParallel([1, 2, 3], 1, (item) => (item === 2 ? Promise.reject(failure) : Promise.resolve(item)));
    expect(await work.catch((error: unknown) => error)).to.equal(failure);
  });
});
