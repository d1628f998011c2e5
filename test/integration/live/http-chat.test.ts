import {
  ChatAssembler,
  decodeEnvelopeHeader,
  decodePaymentRequired,
  RECEIPT_FULL,
  RECEIPT_HEADER,
  requestHash,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import OpenAI from "openai";
import { zeroHash } from "viem";
import { type LiveShop, openShop } from "./support/shop.ts";
import { eventsOf } from "./support/sse.ts";
import { openStoryteller, type Storyteller } from "./support/storyteller.ts";
import { ToyDesk } from "./support/toy-desk.ts";

const MODEL = "storyteller";
const MESSAGES = [{ role: "user" as const, content: "Tell a story about a brave fox and a lost key" }];
const CHAT = { model: MODEL, messages: MESSAGES, max_tokens: 24 };

describe("POST /v1/chat/completions", () => {
  let storyteller: Storyteller;
  let desk: ToyDesk;
  let shop: LiveShop;
  let client: OpenAI;
  const route = "/chat/completions";

  before(async () => {
    storyteller = await openStoryteller();
  });

  after(() => storyteller.close());

  beforeEach(async () => {
    desk = new ToyDesk();
    shop = await openShop(desk, [storyteller.engine]);
    client = shop.client();
  });

  afterEach(() => shop.close());

  const refusalOf = async (response: Response) => {
    const { error } = (await response.json()) as { error: { code: string; param: string | null } };
    return [response.status, error.code, error.param];
  };

  it("answers the official client whole, with usage and a receipt over the bytes sent", async () => {
    const { data, response } = await client.chat.completions.create(CHAT).withResponse();
    const [choice] = data.choices;
    expect(data.object).to.equal("chat.completion");
    expect(data.id).to.match(/^chatcmpl-/);
    expect(choice!.message.content).to.match(/[a-z]{2,}/);
    expect(data.usage?.completion_tokens).to.be.within(1, 24);
    const [ending] = desk.endings;
    expect(ending).to.include({ end: "finished", promptTokens: data.usage?.prompt_tokens });
    expect(response.headers.get("payment-response")).to.match(/^paid \d+$/);
    const envelope = decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!);
    expect(envelope.finishReason).to.equal(choice!.finish_reason);
    expect(envelope.receipt.requestHash).to.equal(requestHash(desk.asks[0]!.bytes));
    expect(envelope).to.not.have.property("tokens");
  });

  it("names the tokens in the body to who asks for the full receipt", async () => {
    const response = await shop.post(route, CHAT, { [RECEIPT_HEADER]: RECEIPT_FULL });
    const body = (await response.json()) as { touchstone: { tokens: number[] }; usage: { completion_tokens: number } };
    expect(body.touchstone.tokens).to.have.length(body.usage.completion_tokens);
  });

  it("streams the same text: the role first, stable ids, the reason, then usage", async () => {
    const seeded = { ...CHAT, seed: 7 };
    const whole = await client.chat.completions.create(seeded);
    const stream = await client.chat.completions.create({
      ...seeded,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
    }
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(text).to.equal(whole.choices[0]!.message.content);
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).to.equal(1);
    expect(chunks[0]!.choices[0]!.delta.role).to.equal("assistant");
    const [last, usage] = chunks.slice(-2);
    expect(last!.choices[0]!.finish_reason).to.equal(whole.choices[0]!.finish_reason);
    expect(usage!.usage).to.deep.equal(whole.usage);
    expect(usage!.choices).to.deep.equal([]);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).to.equal(true);
  });

  it("ends a stream with the receipt: a comment for strangers, an event for who asked, then [DONE]", async () => {
    const plain = await eventsOf(await shop.post(route, { ...CHAT, stream: true }));
    expect(plain.at(-1)).to.deep.equal({ data: "[DONE]" });
    const assembler = new ChatAssembler();
    assembler.takeComment(plain.at(-2)!.comment!);
    expect(assembler.received().receipt?.receipt.model).to.equal(storyteller.engine.model.id);
    const headers = { [RECEIPT_HEADER]: RECEIPT_FULL };
    const full = await eventsOf(await shop.post(route, { ...CHAT, stream: true }, headers));
    expect(full.at(-2)!.event).to.equal("touchstone.receipt");
    const own = new ChatAssembler();
    for (const { event, data } of full) {
      own.takeEvent({ event, data: data! });
    }
    const { receipt, tokens, isDone } = own.received();
    expect(tokens).to.have.length(receipt!.receipt.completionTokens);
    expect(isDone).to.equal(true);
  });

  it("tells probabilities, whole and streamed alike", async () => {
    const asked = { ...CHAT, seed: 3, logprobs: true, top_logprobs: 2 };
    const whole = await client.chat.completions.create(asked);
    const content = whole.choices[0]!.logprobs!.content!;
    expect(content.map(({ token }) => token).join("")).to.equal(whole.choices[0]!.message.content);
    expect(content[0]!.top_logprobs).to.have.length(2);
    expect(content[0]!.logprob).to.be.at.most(0);
    const streamed: unknown[] = [];
    for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true })) {
      streamed.push(...(choices[0]?.logprobs?.content ?? []));
    }
    expect(streamed).to.deep.equal(content);
  });

  it("stops where it is told, without showing the stop", async () => {
    const whole = await client.chat.completions.create({ ...CHAT, seed: 5 });
    const [, word] = /\s(\w+)\s/.exec(whole.choices[0]!.message.content!)!;
    const cut = await client.chat.completions.create({ ...CHAT, seed: 5, stop: word! });
    expect(whole.choices[0]!.message.content!.startsWith(cut.choices[0]!.message.content!)).to.equal(true);
    expect(cut.choices[0]!.message.content).to.not.include(word);
    expect(cut.choices[0]!.finish_reason).to.equal("stop");
  });

  it("takes control tokens in a message as plain text", async () => {
    const { engine } = storyteller;
    const count = async (content: string) =>
      (await client.chat.completions.create({ ...CHAT, max_tokens: 1, messages: [{ role: "user", content }] })).usage!
        .prompt_tokens;
    const [plain, marked] = [await count("fox fox"), await count("fox <|im_end|></s><eos> fox")];
    expect(marked).to.be.greaterThan(plain + 3); // As many tokens as the letters make, not one for each mark.
    expect(engine.model.vocabulary).to.be.greaterThan(0);
  });

  it("gives the same answer again for the same payment, and charges once", async () => {
    const headers = { "PAYMENT-SIGNATURE": "once" };
    const [first, again] = [await shop.post(route, CHAT, headers), await shop.post(route, CHAT, headers)];
    const [one, other] = [await first.json(), await again.json()] as { choices: unknown }[];
    expect(other!.choices).to.deep.equal(one!.choices);
    expect(again.headers.get(RECEIPT_HEADER)).to.equal(first.headers.get(RECEIPT_HEADER));
    const wish = { ...CHAT, stream: true };
    const textOf = async (response: Response) => {
      const assembler = new ChatAssembler();
      for (const { data } of await eventsOf(response)) {
        assembler.takeEvent({ data: data ?? "[DONE]" });
      }
      return assembler.received().text;
    };
    const text = await textOf(await shop.post(route, wish, headers));
    expect(await textOf(await shop.post(route, wish, headers))).to.equal(text);
    expect(desk.endings).to.have.length(2);
  });

  describe("refuses, in OpenAI's shape, unpaid,", () => {
    afterEach(() => {
      expect(desk.endings.filter(({ end }) => end !== "failed")).to.deep.equal([]);
    });

    it("who does not pay, with the offers in header and body", async () => {
      const response = await fetch(`${shop.url}/v1${route}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(CHAT),
      });
      const body = (await response.json()) as { error: { type: string }; accepts: unknown };
      expect([response.status, body.error.type]).to.deep.equal([402, "payment_required"]);
      const required = decodePaymentRequired(response.headers.get("payment-required")!);
      expect(body.accepts).to.deep.equal(required.accepts);
      expect(Number(required.accepts[0]!.amount)).to.be.greaterThan(24);
      expect(response.headers.get("x-request-id")).to.match(/^[\w-]+$/);
    });

    it("models that are not served, by their exact name or id alone", async () => {
      for (const model of ["Storyteller", "storyteller:latest", "../storyteller", "/etc/passwd", zeroHash, ""]) {
        expect(await refusalOf(await shop.post(route, { ...CHAT, model })), model).to.deep.equal([
          404,
          "MODEL_NOT_FOUND",
          "model",
        ]);
      }
      expect(await refusalOf(await shop.post(route, { messages: MESSAGES }))).to.deep.equal([
        400,
        "MODEL_MISSING",
        "model",
      ]);
      const byId = await shop.post(route, { ...CHAT, model: storyteller.engine.model.id });
      expect(byId.status).to.equal(200);
      desk.endings.length = 0;
    });

    it("what no engine here can do", async () => {
      const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
      expect(await refusalOf(await shop.post(route, { ...CHAT, tools }))).to.deep.equal([
        400,
        "UNSUPPORTED_PARAMETER",
        null,
      ]);
      expect(await refusalOf(await shop.post(route, { ...CHAT, n: 2 }))).to.deep.equal([
        400,
        "REQUEST_INVALID_FIELD",
        "n",
      ]);
      const long = [{ role: "user", content: "fox ".repeat(20_000) }];
      expect((await refusalOf(await shop.post(route, { ...CHAT, messages: long })))[1]).to.equal("PROMPT_TOO_LONG");
    });

    it("remote content of any kind, which it never fetches", async () => {
      for (const url of [
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
      ]) {
        const messages = [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
        const [status] = await refusalOf(await shop.post(route, { ...CHAT, messages }));
        expect(status, url).to.equal(400);
      }
    });

    it("what the official client turns into errors of its own", async () => {
      const missing = client.chat.completions.create({ ...CHAT, model: "gpt" });
      expect(await missing.catch((error) => error)).to.be.instanceOf(OpenAI.NotFoundError);
      const bad = client.chat.completions.create({ ...CHAT, temperature: 9 });
      const error = await bad.catch((one) => one);
      expect(error).to.be.instanceOf(OpenAI.BadRequestError);
      expect([error.code, error.param, error.requestID]).to.deep.equal([
        "REQUEST_INVALID_FIELD",
        "temperature",
        error.headers.get("x-request-id"),
      ]);
    });
  });
});
