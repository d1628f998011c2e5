import { expect } from "chai";
import { CallQueue, type Place } from "./queue.ts";

const never = new AbortController().signal;

/** Whether a promise is fulfilled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  promise.then(() => {
    isDone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return isDone;
}

describe("the line of a model", () => {
  const enter = (queue: CallQueue): Place => {
    const place = queue.enter();
    if (place === undefined) {
      throw new Error("There is no place.");
    }
    return place;
  };

  it("has as many places as run and wait, and gives one back as soon as somebody leaves", () => {
    const queue = new CallQueue({ slots: 1, waiting: 2 });
    const [first] = [enter(queue), enter(queue), enter(queue)];
    expect(queue.enter()).to.equal(undefined);
    first.leave();
    first.leave(); // Twice is once.
    enter(queue);
    expect(queue.enter()).to.equal(undefined);
  });

  it("lets so many run at once, and the others in the order in which they asked", async () => {
    const queue = new CallQueue({ slots: 1, waiting: 2 });
    const [one, two, three] = [enter(queue), enter(queue), enter(queue)];
    await one.turn(never);
    const [second, third] = [two.turn(never), three.turn(never)];
    expect([await isSettled(second), await isSettled(third)]).to.deep.equal([false, false]);
    expect(queue.load).to.deep.equal({ running: 1, waiting: 2 });
    one.leave();
    expect([await isSettled(second), await isSettled(third)]).to.deep.equal([true, false]);
    two.leave();
    await third;
    three.leave();
    expect(queue.load).to.deep.equal({ running: 0, waiting: 0 });
  });

  it("passes over who gave up while waiting", async () => {
    const queue = new CallQueue({ slots: 1, waiting: 2 });
    const [one, two, three] = [enter(queue), enter(queue), enter(queue)];
    await one.turn(never);
    const stop = new AbortController();
    const second = two.turn(stop.signal);
    const third = three.turn(never);
    stop.abort(new Error("gone"));
    expect(await second.catch((error: Error) => error.message)).to.equal("gone");
    two.leave();
    one.leave();
    await third;
    expect(queue.load).to.deep.equal({ running: 1, waiting: 0 });
  });

  it("does not let who has gone already run", async () => {
    const queue = new CallQueue({ slots: 1, waiting: 0 });
    const place = enter(queue);
    const gone = await place.turn(AbortSignal.abort(new Error("gone"))).catch((error: Error) => error.message);
    expect(gone).to.equal("gone");
    place.leave();
    await enter(queue).turn(never);
  });

  it("says when to come back: a second at least, a minute at most", () => {
    const queue = new CallQueue({ slots: 1, waiting: 1_000 });
    expect(queue.retryAfter).to.equal(1);
    Array.from({ length: 1_000 }, () => enter(queue));
    expect(queue.retryAfter).to.equal(60);
  });

  it("gives slots that no call wants to patient work, which takes no place", async () => {
    const queue = new CallQueue({ slots: 1, waiting: 1 });
    const leave = await queue.spare(never);
    const later = queue.spare(never);
    const [call] = [enter(queue), enter(queue)];
    expect(queue.load).to.deep.equal({ running: 1, waiting: 2 });
    const turn = call.turn(never);
    leave();
    await turn;
    expect(await isSettled(later)).to.equal(false);
    call.leave();
    (await later)();
    expect(queue.load).to.deep.equal({ running: 0, waiting: 1 });
  });

  it("lets patient work give up", async () => {
    const queue = new CallQueue({ slots: 1, waiting: 0 });
    const leave = await queue.spare(never);
    const over = new AbortController();
    const waiting = queue.spare(over.signal).catch((error: unknown) => error);
    over.abort("over");
    expect(await waiting).to.equal("over");
    leave();
    expect(queue.load).to.deep.equal({ running: 0, waiting: 0 });
  });
});
