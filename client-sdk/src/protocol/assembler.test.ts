import { expect } from "chai";
import fc from "fast-check";
import { type Address, type Hex, zeroHash } from "viem";
import { ChatAssembler, receivedOutput } from "./assembler.ts";
import { chatChunk, chatCompletion, type TokenLogprob, toolCallDelta, usageChunk } from "./completion.ts";
import type { ItemCompletion } from "./output.ts";
import { encodeEnvelope, encodeEnvelopeHeader, RECEIPT_EVENT, type ReceiptEnvelope } from "./receipt-envelope.ts";

const HEAD = { id: "chatcmpl-1", created: 1_790_000_000, model: "storyteller" };
const LOGPROB: TokenLogprob = { token: "a", logprob: -0.5, bytes: [97], top_logprobs: [] };
const CALL = { id: "c1", name: "weather", arguments: '{"city":"Rome"}' };
const ADDRESS: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const HASH: Hex = `0x${"33".repeat(32)}`;
const ENVELOPE: ReceiptEnvelope = {
  receipt: {
    ...{ provider: ADDRESS, payer: ADDRESS, model: HASH, channelId: HASH, seq: 1n, cumulative: 2n, requestHash: HASH },
    ...{ resultRoot: zeroHash, promptTokens: 3, completionTokens: 4, amount: 2n, issuedAt: 5 },
  },
  ...{ operator: ADDRESS, signature: "0x12", outputHash: HASH, traceRoot: zeroHash, tokens: [1, 2] },
};

const travelled = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const completion: fc.Arbitrary<ItemCompletion> = fc.record({
  finishReason: fc.constantFrom("stop" as const, "length" as const),
  promptTokens: fc.nat(),
  text: fc.string({ unit: "binary" }),
  tokens: fc.array(fc.nat()),
});

describe("answers put together again", () => {
  it("are the output that they were made of, whole", () => {
    fc.assert(
      fc.property(completion, (output) => {
        const assembler = new ChatAssembler();
        const body = { ...chatCompletion({ ...HEAD, output }), touchstone: { tokens: output.tokens } };
        expect(assembler.take(travelled(body))).to.equal(output.text);
        const received = assembler.received();
        expect(receivedOutput(received, output.promptTokens)).to.deep.equal(output);
        const { promptTokens, tokens } = output;
        expect(received.usage).to.deep.equal({ promptTokens, completionTokens: tokens.length });
      }),
    );
  });

  it("are the output that they were made of, however it was cut into chunks", () => {
    fc.assert(
      fc.property(completion, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (output, sizes) => {
        const assembler = new ChatAssembler();
        const { text, finishReason, promptTokens, tokens } = output;
        const characters = [...text];
        let shown = assembler.take(chatChunk({ ...HEAD, delta: { role: "assistant", text: "" } }));
        while (characters.length > 0) {
          const part = characters.splice(0, sizes.next().value).join("");
          shown += assembler.takeEvent({ data: JSON.stringify(chatChunk({ ...HEAD, delta: { text: part } })) });
        }
        assembler.takeEvent({ data: JSON.stringify(chatChunk({ ...HEAD, delta: { finishReason } })) });
        expect(assembler.received().isDone).to.equal(false);
        assembler.takeEvent({ event: RECEIPT_EVENT, data: encodeEnvelope({ ...ENVELOPE, tokens }) });
        assembler.takeEvent({ data: "[DONE]" });
        expect(shown).to.equal(text);
        const received = assembler.received();
        expect(receivedOutput(received, promptTokens)).to.deep.equal(output);
        expect(received).to.deep.include({ isDone: true, receipt: { ...ENVELOPE, tokens }, error: undefined });
      }),
    );
  });

  it("keep calls of tools, told whole or in parts", () => {
    const output = {
      finishReason: "tool_calls",
      promptTokens: 1,
      text: "",
      tokens: [],
      toolCalls: [CALL, CALL],
    } as const;
    const whole = new ChatAssembler();
    whole.take(travelled(chatCompletion({ ...HEAD, output: { ...output, tokens: [], toolCalls: [CALL, CALL] } })));
    const parts = new ChatAssembler();
    parts.take(chatChunk({ ...HEAD, delta: { toolCalls: [toolCallDelta(CALL, 0)] } }));
    const second = { index: 1, id: "c1", function: { name: "weather", arguments: '{"city":' } };
    parts.take(chatChunk({ ...HEAD, delta: { toolCalls: [second] } }));
    parts.take(chatChunk({ ...HEAD, delta: { toolCalls: [{ index: 1, function: { arguments: '"Rome"}' } }] } }));
    parts.take(chatChunk({ ...HEAD, delta: { finishReason: "tool_calls" } }));
    for (const assembler of [whole, parts]) {
      expect(receivedOutput(assembler.received(), 1)).to.deep.equal(output);
    }
  });

  it("keep probabilities and what was used", () => {
    const assembler = new ChatAssembler();
    assembler.take(chatChunk({ ...HEAD, delta: { text: "a", logprobs: [LOGPROB] } }));
    assembler.take(chatChunk({ ...HEAD, delta: { text: "a", logprobs: [LOGPROB], finishReason: "stop" } }));
    assembler.take(usageChunk({ ...HEAD, usage: { promptTokens: 3, completionTokens: 2 } }));
    const { logprobs, usage, finishReason } = assembler.received();
    expect(logprobs).to.deep.equal([LOGPROB, LOGPROB]);
    expect({ usage, finishReason }).to.deep.equal({
      usage: { promptTokens: 3, completionTokens: 2 },
      finishReason: "stop",
    });
  });

  it("find a receipt in a comment, and pass other comments over", () => {
    const assembler = new ChatAssembler();
    assembler.takeComment(" keep-alive");
    expect(assembler.received().receipt).to.equal(undefined);
    assembler.takeComment(` touchstone-receipt ${encodeEnvelopeHeader(ENVELOPE)}`);
    const { tokens: _, ...rest } = ENVELOPE;
    expect(assembler.received()).to.deep.include({ receipt: rest, tokens: undefined });
  });

  it("tell what a server gave up with", () => {
    const assembler = new ChatAssembler();
    assembler.take(chatChunk({ ...HEAD, delta: { text: "On" } }));
    assembler.takeEvent({ data: '{"error":{"message":"It broke.","code":"ENGINE_FAILED"}}' });
    expect(assembler.received()).to.deep.include({
      text: "On",
      error: { code: "ENGINE_FAILED", message: "It broke." },
    });
  });

  it("refuse what is no answer", () => {
    const second = { choices: [{ index: 1, delta: {} }] };
    const far = { choices: [{ index: 0, delta: { tool_calls: [{ index: 2 ** 31, function: {} }] } }] };
    for (const body of [undefined, null, "", {}, { choices: [{}] }, { choices: "" }, second, far]) {
      expect(() => new ChatAssembler().take(body), JSON.stringify(body))
        .to.throw()
        .with.property("code", "INVALID_DATA");
    }
    expect(() => new ChatAssembler().takeEvent({ data: "{" }))
      .to.throw()
      .with.property("code", "INVALID_DATA");
  });
});

describe("OpenAI's objects", () => {
  it("of a whole answer have one choice, and say what was used", () => {
    const output = { finishReason: "stop", promptTokens: 3, text: "Once", tokens: [7] } as const;
    expect(chatCompletion({ ...HEAD, output: { ...output, tokens: [7] } })).to.deep.equal({
      ...{ id: HEAD.id, object: "chat.completion", created: HEAD.created, model: HEAD.model },
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Once", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
    });
  });

  it("of a chunk say only what is new", () => {
    expect(chatChunk({ ...HEAD, delta: { text: "a" } }).choices).to.deep.equal([
      { index: 0, delta: { content: "a" }, logprobs: null, finish_reason: null },
    ]);
    expect(usageChunk({ ...HEAD, usage: { promptTokens: 1, completionTokens: 1 } }).choices).to.deep.equal([]);
  });
});
