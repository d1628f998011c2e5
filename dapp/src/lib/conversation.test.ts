import { CALL_ID_HEADER, type EndedCall, LiveError } from "@touchstone/sdk";
import { expect } from "chai";
import { Conversation, costOf, isBusy, isCostKnown, isDeserted, speedOf } from "./conversation.ts";

const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const stream = (...events: string[]) => Promise.resolve(new Response(events.join("")));
const END = "data: [DONE]\n\n";
const [AURORA, BASALT] = [
  "0x00000000000000000000000000000000000000aa",
  "0x00000000000000000000000000000000000000bb",
] as const;

describe("a conversation", () => {
  it("puts answers together, and sends on what was said before", async () => {
    const talk = new Conversation();
    const bodies: string[] = [];
    const fetch = (_: string, init: RequestInit) => {
      bodies.push(String(init.body));
      return stream(chunk("Once "), chunk("upon"), END);
    };
    await talk.send({ prompt: "one", model: "m", fetch });
    await talk.send({ prompt: "two", model: "m", fetch });
    expect(talk.turns.map(({ text, state }) => [text, state])).to.deep.equal(Array(2).fill(["Once upon", "done"]));
    const { messages } = JSON.parse(bodies[1] ?? "") as { messages: { content: string }[] };
    expect(messages.map(({ content }) => content)).to.deep.equal(["one", "Once upon", "two"]);
  });

  it("keeps what arrived where the provider dies, and says so", async () => {
    const talk = new Conversation();
    const error = `data: ${JSON.stringify({ error: { message: "gone", code: "STREAM_BROKEN" } })}\n\n`;
    for (const last of [error, ""]) {
      await talk.send({ prompt: "one", model: "m", fetch: () => stream(chunk("Once"), last) });
      const turn = talk.turns.at(-1);
      expect([turn?.text, turn?.state, turn?.error instanceof LiveError && turn.error.code]).to.deep.equal([
        "Once",
        "failed",
        "STREAM_BROKEN",
      ]);
      expect(isDeserted(talk.turns)).to.equal(true);
    }
  });

  it("asks again without what broke off, and keeps it before anything else that is said", async () => {
    const talk = new Conversation();
    const said: string[][] = [];
    const fetch = (_: string, { body }: RequestInit) => {
      const { messages } = JSON.parse(String(body)) as { messages: { content: string }[] };
      said.push(messages.map(({ content }) => content));
      return stream(chunk("Once"));
    };
    for (const prompt of ["one", "one", "two"]) {
      await talk.send({ prompt, model: "m", fetch });
    }
    expect(said).to.deep.equal([["one"], ["one"], ["one", "Once", "one", "Once", "two"]]);
  });

  it("tells who did not finish and what it may charge, beside the receipt of who went on", async () => {
    const talk = new Conversation();
    let callId: string | undefined;
    const fetch = (_: string, { headers }: RequestInit) => {
      callId = new Headers(headers).get(CALL_ID_HEADER) ?? undefined;
      return stream(chunk("Once"), END);
    };
    await talk.send({ prompt: "one", model: "m", names: new Map([[AURORA, "Aurora"]]), fetch });
    const ended = {
      callId,
      model: AURORA,
      promptTokens: 1,
      completionTokens: 9,
      envelope: undefined,
      faults: [],
    } as const;
    talk.settle({ ...ended, provider: AURORA, amount: 7n, isCut: true });
    expect(talk.turns[0]).to.deep.include({ provider: AURORA, cost: 7n, state: "done" });
    const envelope = { receipt: { channelId: "0x01", seq: 1n } } as unknown as EndedCall["envelope"];
    talk.settle({ ...ended, provider: BASALT, amount: 5n, isCut: false, envelope });
    const [turn] = talk.turns;
    expect(turn).to.deep.include({ provider: BASALT, unfinished: [{ provider: AURORA, amount: 7n }], isSound: true });
    expect([costOf(talk.turns), isCostKnown(talk.turns), speedOf(turn!)]).to.deep.equal([12n, false, undefined]);
  });

  it("knows a refusal by its code", async () => {
    const talk = new Conversation();
    const refusal = Response.json({ error: { message: "no", code: "WALLET_REFUSED" } }, { status: 403 });
    await talk.send({ prompt: "one", model: "m", fetch: () => Promise.resolve(refusal) });
    expect(talk.turns[0]?.error).to.be.instanceOf(LiveError).and.include({ code: "WALLET_REFUSED" });
    expect(isDeserted(talk.turns)).to.equal(false);
  });

  it("stops when it is told to, and is free for the next message", async () => {
    const talk = new Conversation();
    const fetch = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const sent = talk.send({ prompt: "one", model: "m", fetch });
    expect(isBusy(talk.turns)).to.equal(true);
    talk.stop();
    await sent;
    expect(talk.turns[0]?.state).to.equal("stopped");
    expect(isBusy(talk.turns)).to.equal(false);
  });
});
