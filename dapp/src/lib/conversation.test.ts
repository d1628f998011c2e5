import { LiveError } from "@touchstone/sdk";
import { expect } from "chai";
import { Conversation, isBusy } from "./conversation.ts";

const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const stream = (...events: string[]) => Promise.resolve(new Response(events.join("")));
const END = "data: [DONE]\n\n";

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
    }
  });

  it("knows a refusal by its code", async () => {
    const talk = new Conversation();
    const refusal = Response.json({ error: { message: "no", code: "WALLET_REFUSED" } }, { status: 403 });
    await talk.send({ prompt: "one", model: "m", fetch: () => Promise.resolve(refusal) });
    expect(talk.turns[0]?.error).to.be.instanceOf(LiveError).and.include({ code: "WALLET_REFUSED" });
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
