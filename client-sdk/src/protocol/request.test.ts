import { expect } from "chai";
import fc from "fast-check";
import { stringToBytes } from "viem";
import { RequestError } from "../errors.ts";
import { encodeRequest, type InferenceRequest, MAX_TOKENS_LIMIT, parseRequest, requestBytes } from "./request.ts";

const MESSAGES = [{ role: "user", content: "hi" }];

/** Parses a request of one good message and these fields. */
const parse = (fields: object) => parseRequest(stringToBytes(JSON.stringify({ messages: MESSAGES, ...fields })));

/** What a request is refused with. */
function refusalOf(bytes: Uint8Array | object): [string, string] {
  try {
    parseRequest(bytes instanceof Uint8Array ? bytes : stringToBytes(JSON.stringify(bytes)));
  } catch (error) {
    if (error instanceof RequestError) {
      return [error.code, error.message];
    }
    throw error;
  }
  throw new Error("It was not refused.");
}

const request: fc.Arbitrary<InferenceRequest> = fc.record(
  {
    messages: fc.array(
      fc.record({
        role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
        content: fc.string({ unit: "binary" }),
      }),
      { minLength: 1 },
    ),
    maxTokens: fc.integer({ min: 1, max: MAX_TOKENS_LIMIT }),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0), // JSON knows no -0
    topP: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    stop: fc.array(fc.string({ minLength: 1, unit: "binary" }), { minLength: 1, maxLength: 4 }),
    model: fc.string({ unit: "binary" }),
    seed: fc.maxSafeInteger(),
    stream: fc.boolean(),
    streamUsage: fc.boolean(),
    extra: fc.record({ tools: fc.constant([{ type: "function" }]), tool_choice: fc.constantFrom("none", "required") }),
  },
  { requiredKeys: ["messages"], noNullPrototype: true },
);

describe("requests", () => {
  it("parse to what was encoded", () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(parseRequest(encodeRequest(value))).to.deep.equal(value);
      }),
    );
  });

  it("take a text as one user message, and bytes as they are", () => {
    expect(parseRequest(encodeRequest("hi"))).to.deep.equal({ messages: MESSAGES });
    const bytes = stringToBytes("no request");
    expect(requestBytes(bytes)).to.equal(bytes);
  });

  it("are refused with a RequestError or not at all, whatever the bytes", () => {
    const attempt = (bytes: Uint8Array) => {
      try {
        return parseRequest(bytes).messages.length > 0;
      } catch (error) {
        return error instanceof RequestError;
      }
    };
    fc.assert(fc.property(fc.uint8Array(), attempt));
    fc.assert(fc.property(fc.json(), (text) => attempt(stringToBytes(text))));
    const fields = fc.record({ messages: fc.anything(), max_tokens: fc.anything(), stop: fc.anything() });
    fc.assert(fc.property(fields, (value) => attempt(stringToBytes(fc.stringify(value)))));
  });

  // These sentences are part of the protocol: a court compares them byte by byte.
  for (const [name, bad, code, message] of [
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff), "REQUEST_NOT_UTF8", "The request is not UTF-8."],
    ["a byte-order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d), "REQUEST_NOT_JSON", "The request is not JSON."],
    ["text that is not JSON", stringToBytes("{"), "REQUEST_NOT_JSON", "The request is not JSON."],
    ["a list", [], "REQUEST_NOT_AN_OBJECT", "The request must be a JSON object."],
    [
      "an unknown field",
      { messages: MESSAGES, audio: {} },
      "REQUEST_UNKNOWN_FIELD",
      "The request has a field that is not one of messages, model, max_tokens, max_completion_tokens, temperature, top_p, stop, seed, n, logprobs, top_logprobs, stream, stream_options, presence_penalty, frequency_penalty, response_format, tools, tool_choice, parallel_tool_calls, logit_bias, reasoning_effort, user, metadata, store, service_tier, prompt_cache_key, safety_identifier.",
    ],
    ["no messages", {}, "REQUEST_INVALID_FIELD", "messages must be a list of at least one message."],
    [
      "an empty list of messages",
      { messages: [] },
      "REQUEST_INVALID_FIELD",
      "messages must be a list of at least one message.",
    ],
  ] as const) {
    it(`refuse ${name}`, () => {
      expect(refusalOf(bad)).to.deep.equal([code, message]);
    });
  }

  it("refuse a field that hides behind the prototype", () => {
    const bytes = stringToBytes('{"messages":[{"role":"user","content":"hi"}],"__proto__":{"max_tokens":1}}');
    expect(refusalOf(bytes)[0]).to.equal("REQUEST_UNKNOWN_FIELD");
  });

  it("hold every number to its bounds", () => {
    const sentence = (name: string, bounds: string) => ["REQUEST_INVALID_FIELD", `${name} must be ${bounds}.`];
    for (const max_tokens of [0, -1, 1.5, MAX_TOKENS_LIMIT + 1, "1", true]) {
      const expected = sentence("max_tokens", "an integer from 1 to 1048576");
      expect(refusalOf({ messages: MESSAGES, max_tokens })).to.deep.equal(expected);
    }
    for (const temperature of [-0.1, 2.000001, "1", []]) {
      expect(refusalOf({ messages: MESSAGES, temperature })).to.deep.equal(
        sentence("temperature", "a number from 0 to 2"),
      );
    }
    for (const top_p of [-0.1, 1.1, "1", {}]) {
      expect(refusalOf({ messages: MESSAGES, top_p })).to.deep.equal(sentence("top_p", "a number from 0 to 1"));
    }
    expect(parse({ max_tokens: 1, temperature: 0, top_p: 0 })).to.include({ maxTokens: 1, temperature: 0, topP: 0 });
    expect(parse({ max_tokens: MAX_TOKENS_LIMIT, temperature: 2, top_p: 1 })).to.include({ temperature: 2, topP: 1 });
  });

  it("name their longest output by either of OpenAI's two names, or by both alike", () => {
    expect(parse({ max_completion_tokens: 7 }).maxTokens).to.equal(7);
    expect(parse({ max_completion_tokens: 7, max_tokens: 7 }).maxTokens).to.equal(7);
    expect(refusalOf({ messages: MESSAGES, max_tokens: 6, max_completion_tokens: 7 })).to.deep.equal([
      "REQUEST_INVALID_FIELD",
      "max_completion_tokens must be the same as max_tokens, or left out.",
    ]);
  });

  it("say how the answer comes", () => {
    const asked = { logprobs: true, top_logprobs: 2, stream: true, stream_options: { include_usage: true }, seed: -7 };
    expect(parse({ ...asked, n: 1, presence_penalty: 0, frequency_penalty: 0 })).to.deep.equal({
      ...{ messages: MESSAGES, seed: -7, logprobs: true, topLogprobs: 2, stream: true, streamUsage: true },
    });
  });

  it("are as good without what changes nothing, and with nulls", () => {
    const idle = { user: "ann", metadata: { a: "b" }, store: true, service_tier: "auto" };
    expect(parse({ ...idle, prompt_cache_key: "a", safety_identifier: "b" })).to.deep.equal({ messages: MESSAGES });
    const names = [
      "model",
      "max_tokens",
      "temperature",
      "stop",
      "seed",
      "n",
      "logprobs",
      "stream_options",
      "tools",
      "user",
    ];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    expect(parse(nulls)).to.deep.equal({ messages: MESSAGES });
  });

  for (const [fields, message] of [
    [{ model: 7 }, "model must be a well-formed string."],
    [{ seed: 1.5 }, "seed must be an integer from -9007199254740991 to 9007199254740991."],
    [{ n: 2 }, "n must be 1, or left out."],
    [{ logprobs: 1 }, "logprobs must be true or false."],
    [{ logprobs: true, top_logprobs: 21 }, "top_logprobs must be an integer from 0 to 20."],
    [{ top_logprobs: 1 }, "top_logprobs needs logprobs to be true."],
    [{ stream: "yes" }, "stream must be true or false."],
    [{ stream_options: true }, "stream_options must be a JSON object."],
    [{ stream_options: { include_usage: 1 } }, "include_usage must be true or false."],
    [{ presence_penalty: 0.1 }, "presence_penalty must be 0, or left out."],
    [{ frequency_penalty: -1 }, "frequency_penalty must be 0, or left out."],
    [{ metadata: [] }, "metadata must be a JSON object."],
  ] as const) {
    it(`refuse ${JSON.stringify(fields)}`, () => {
      expect(refusalOf({ messages: MESSAGES, ...fields })).to.deep.equal(["REQUEST_INVALID_FIELD", message]);
    });
  }

  it("are judged by their first bad field, in one order", () => {
    const bad = { n: 2, temperature: 3, messages: MESSAGES, tools: 1 };
    expect(refusalOf(bad)[1]).to.match(/^temperature /);
    expect(refusalOf({ ...bad, messages: [] })[1]).to.match(/^messages /);
    expect(refusalOf({ ...bad, temperature: 1 })[1]).to.match(/^n /);
    expect(refusalOf({ ...bad, temperature: 1, n: 1 })[1]).to.match(/^tools /);
  });

  it("refuse an infinite number that JSON can spell", () => {
    const bytes = stringToBytes('{"messages":[{"role":"user","content":"hi"}],"temperature":1e999}');
    expect(refusalOf(bytes)[0]).to.equal("REQUEST_INVALID_FIELD");
  });

  it("take one stop or up to four, none of them empty", () => {
    expect(parse({ stop: "END" }).stop).to.deep.equal(["END"]);
    expect(parse({ stop: ["a", "b", "c", "d"] }).stop).to.have.length(4);
    for (const stop of ["", [], ["a", "b", "c", "d", "e"], ["a", ""], [1], false, {}, "\ud800"]) {
      expect(refusalOf({ messages: MESSAGES, stop })).to.deep.equal([
        "REQUEST_INVALID_FIELD",
        "stop must be a non-empty string or a list of 1 to 4 of them.",
      ]);
    }
  });
});
