import { createOpenAI } from "@ai-sdk/openai";
import {
  chatOfResponses,
  createSealKeys,
  decodeEnvelopeHeader,
  openSealed,
  RECEIPT_FULL,
  RECEIPT_HEADER,
  requestHash,
  SEALED_MEDIA_TYPE,
  sealRequest,
} from "@touchstone/sdk/protocol";
import { generateText, streamText } from "ai";
import { expect } from "chai";
import OpenAI from "openai";
import { zeroAddress, zeroHash } from "viem";
import { type LiveShop, nextPayment, openShop } from "./support/shop.ts";
import { eventsOf } from "./support/sse.ts";
import { openStoryteller, type Storyteller } from "./support/storyteller.ts";
import { ToyDesk } from "./support/toy-desk.ts";

const MODEL = "storyteller";
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("the other APIs under /v1", () => {
  let storyteller: Storyteller;
  let desk: ToyDesk;
  let shop: LiveShop;
  let client: OpenAI;
  let keys: Awaited<ReturnType<typeof createSealKeys>>;

  before(async () => {
    storyteller = await openStoryteller();
    keys = await createSealKeys();
  });

  after(() => storyteller.close());

  beforeEach(async () => {
    desk = new ToyDesk();
    const open = (sealed: Uint8Array) => openSealed(sealed, keys.privateKey, zeroAddress);
    shop = await openShop(desk, [storyteller.engine], { open });
    client = shop.client();
  });

  afterEach(() => shop.close());

  const refusalOf = async (response: Response) => {
    const { error } = (await response.json()) as { error: { code: string; param: string | null } };
    return [response.status, error.code, error.param];
  };

  describe("GET /v1/models", () => {
    it("lists what is served, for the official client", async () => {
      const { data } = await client.models.list();
      expect(data.map(({ id, object }) => [id, object])).to.deep.equal([[MODEL, "model"]]);
      expect(await client.models.retrieve(MODEL)).to.deep.equal(data[0]);
      const missing = await client.models.retrieve("gpt").catch((error) => error);
      expect(missing).to.be.instanceOf(OpenAI.NotFoundError);
    });

    it("says OpenAI's shape of paths that are not there", async () => {
      const response = await fetch(`${shop.url}/v1/audio/speech`);
      expect(await refusalOf(response)).to.deep.equal([404, "NOT_FOUND", null]);
    });
  });

  describe("POST /v1/responses", () => {
    const asked = { model: MODEL, input: "Tell a story about a fox", instructions: "Be brief.", max_output_tokens: 12 };

    it("answers the official client, with a receipt over the chat that it comes to", async () => {
      const { data, response } = await client.responses.create(asked).withResponse();
      expect(data.output_text).to.match(/[a-z]{2,}/);
      expect([data.object, data.usage?.output_tokens]).to.deep.equal(["response", 12]);
      expect([data.status, data.incomplete_details?.reason]).to.deep.equal(["incomplete", "max_output_tokens"]);
      const { receipt } = decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!);
      expect(receipt.requestHash).to.equal(requestHash(chatOfResponses(bytesOf(asked))));
    });

    it("streams the events that the official client builds a response from", async () => {
      const stream = client.responses.stream(asked);
      const types: string[] = [];
      let text = "";
      for await (const event of stream) {
        types.push(event.type);
        text += event.type === "response.output_text.delta" ? event.delta : "";
      }
      const final = await stream.finalResponse();
      expect(final.output_text).to.equal(text);
      expect([...new Set(types)]).to.deep.equal([
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.incomplete",
      ]);
    });

    it("serves the AI SDK, whole and streamed", async () => {
      const pay: typeof fetch = (url, init) => {
        const headers = new Headers(init?.headers);
        headers.set("PAYMENT-SIGNATURE", nextPayment());
        return fetch(url, { ...init, headers });
      };
      const provider = createOpenAI({ baseURL: `${shop.url}/v1`, apiKey: "none", fetch: pay });
      const call = { model: provider(MODEL), prompt: "Tell a story", maxOutputTokens: 8 };
      const whole = await generateText(call);
      expect([whole.text.length > 0, whole.usage.outputTokens]).to.deep.equal([true, 8]);
      let text = "";
      for await (const delta of streamText(call).textStream) {
        text += delta;
      }
      expect(text).to.not.equal("");
    });

    it("ends with the receipt for who asks for it", async () => {
      const blocks = await eventsOf(
        await shop.post("/responses", { ...asked, stream: true }, { [RECEIPT_HEADER]: RECEIPT_FULL }),
      );
      expect(blocks.at(-1)!.event).to.equal("touchstone.receipt");
    });

    it("refuses what would need a memory, tools or eyes, and names the field", async () => {
      const image = [{ role: "user", content: [{ type: "input_image", image_url: "http://10.0.0.1/x.png" }] }];
      for (const [field, fields] of [
        ["previous_response_id", { previous_response_id: "resp_1" }],
        ["conversation", { conversation: "conv_1" }],
        ["tools", { tools: [{ type: "web_search" }] }],
        ["background", { background: true }],
        ["input", { input: image }],
        ["surprise", { surprise: 1 }],
      ] as const) {
        const [status, , param] = await refusalOf(await shop.post("/responses", { ...asked, ...fields }));
        expect([status, param]).to.deep.equal([400, field]);
      }
      expect(desk.asks).to.deep.equal([]);
    });
  });

  describe("POST /v1/embeddings", () => {
    it("answers the official client in base64, which it asks for, and in numbers alike", async () => {
      const input = ["A fox.", "An owl in the snow."];
      const plain = await client.embeddings.create({ model: MODEL, input });
      const floats = await client.embeddings.create({ model: MODEL, input, encoding_format: "float" });
      expect(plain.data.map(({ embedding }) => embedding)).to.deep.equal(floats.data.map(({ embedding }) => embedding));
      expect(plain.data).to.have.length(2);
      const length = Math.hypot(...plain.data[0]!.embedding);
      expect(length).to.be.closeTo(1, 1e-3);
      const [ending] = desk.endings;
      expect(ending).to.include({ end: "finished", completionTokens: 0, isJudged: false });
      expect(ending!.promptTokens).to.equal(plain.usage.prompt_tokens);
    });

    it("gives a receipt that no court is asked about, and the same vectors for the same payment", async () => {
      const headers = { "PAYMENT-SIGNATURE": "vectors" };
      const body = { model: MODEL, input: "A fox." };
      const [one, again] = [
        await shop.post("/embeddings", body, headers),
        await shop.post("/embeddings", body, headers),
      ];
      const { receipt } = decodeEnvelopeHeader(one.headers.get(RECEIPT_HEADER)!);
      expect(receipt.resultRoot).to.equal(zeroHash);
      expect(await again.json()).to.deep.equal(await one.json());
      expect(desk.endings).to.have.length(1);
    });

    it("refuses token ids, other sizes and nothing at all", async () => {
      for (const [field, fields] of [
        ["input", { input: [1, 2] }],
        ["input", { input: [] }],
        ["dimensions", { input: "a", dimensions: 8 }],
        ["encoding_format", { input: "a", encoding_format: "hex" }],
      ] as const) {
        const refusal = await refusalOf(await shop.post("/embeddings", { model: MODEL, ...fields }));
        expect(refusal).to.deep.equal([400, "REQUEST_INVALID_FIELD", field]);
      }
    });
  });

  describe("sealed requests", () => {
    const chat = { model: MODEL, messages: [{ role: "user", content: "Tell a secret" }], max_tokens: 4 };
    const sealedType = { "content-type": SEALED_MEDIA_TYPE };
    const seal = (model = storyteller.engine.model.id) =>
      sealRequest(bytesOf(chat), keys.publicKey, { model, provider: zeroAddress });

    it("are opened, and their receipt is over the plain bytes", async () => {
      const response = await shop.post("/chat/completions", await seal(), sealedType);
      expect(response.status).to.equal(200);
      const { receipt } = decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!);
      expect(receipt.requestHash).to.equal(requestHash(bytesOf(chat)));
    });

    it("are refused where they were sealed for another model, or changed", async () => {
      const other = await shop.post("/chat/completions", await seal(zeroHash), sealedType);
      expect((await refusalOf(other)).slice(0, 2)).to.deep.equal([400, "SEAL_OTHER_MODEL"]);
      const changed = new TextDecoder().decode(await seal()).replace(/"ciphertext":"./, '"ciphertext":"_');
      const spoiled = await shop.post("/chat/completions", changed, sealedType);
      expect((await refusalOf(spoiled)).slice(0, 2)).to.deep.equal([400, "SEAL_UNREADABLE"]);
    });
  });

  it("gives channels back by a GET of what is sold, and asks for the payment that says so first", async () => {
    const url = `${shop.url}/v1/chat/completions`;
    expect((await fetch(url)).status).to.equal(402);
    const refunded = await fetch(url, { headers: { "PAYMENT-SIGNATURE": "refund" } });
    expect([refunded.status, refunded.headers.get("payment-response")]).to.deep.equal([200, "refunded"]);
  });
});
