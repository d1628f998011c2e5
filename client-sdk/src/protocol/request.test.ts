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
      { messages: MESSAGES, n: 1 },
      "REQUEST_UNKNOWN_FIELD",
      "The request has a field that is not one of messages, max_tokens, temperature, top_p, stop.",
    ],
    ["no messages", {}, "REQUEST_INVALID_FIELD", "messages must be a list of at least one message."],
    [
      "an empty list of messages",
      { messages: [] },
      "REQUEST_INVALID_FIELD",
      "messages must be a list of at least one message.",
    ],
    [
      "a message that is no object",
      { messages: ["hi"] },
      "REQUEST_NOT_AN_OBJECT",
      "messages[0] must be a JSON object.",
    ],
    [
      "an unknown field of a message",
      { messages: [{ role: "user", content: "hi", name: "Ann" }] },
      "REQUEST_UNKNOWN_FIELD",
      "messages[0] has a field that is not one of role, content.",
    ],
    [
      "an unknown role",
      { messages: [...MESSAGES, { role: "tool", content: "hi" }] },
      "REQUEST_INVALID_FIELD",
      "messages[1].role must be one of system, user, assistant.",
    ],
    [
      "content that is no string",
      { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] },
      "REQUEST_INVALID_FIELD",
      "messages[0].content must be a well-formed string.",
    ],
    [
      "content with a lone surrogate",
      stringToBytes('{"messages":[{"role":"user","content":"\\ud800"}]}'),
      "REQUEST_INVALID_FIELD",
      "messages[0].content must be a well-formed string.",
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
    for (const max_tokens of [0, -1, 1.5, MAX_TOKENS_LIMIT + 1, "1", null, true]) {
      const expected = sentence("max_tokens", "an integer from 1 to 1048576");
      expect(refusalOf({ messages: MESSAGES, max_tokens })).to.deep.equal(expected);
    }
    for (const temperature of [-0.1, 2.000001, "1", null]) {
      expect(refusalOf({ messages: MESSAGES, temperature })).to.deep.equal(
        sentence("temperature", "a number from 0 to 2"),
      );
    }
    for (const top_p of [-0.1, 1.1, "1", null]) {
      expect(refusalOf({ messages: MESSAGES, top_p })).to.deep.equal(sentence("top_p", "a number from 0 to 1"));
    }
    expect(parse({ max_tokens: 1, temperature: 0, top_p: 0 })).to.include({ maxTokens: 1, temperature: 0, topP: 0 });
    expect(parse({ max_tokens: MAX_TOKENS_LIMIT, temperature: 2, top_p: 1 })).to.include({ temperature: 2, topP: 1 });
  });

  it("refuse an infinite number that JSON can spell", () => {
    const bytes = stringToBytes('{"messages":[{"role":"user","content":"hi"}],"temperature":1e999}');
    expect(refusalOf(bytes)[0]).to.equal("REQUEST_INVALID_FIELD");
  });

  it("take one stop or up to four, none of them empty", () => {
    expect(parse({ stop: "END" }).stop).to.deep.equal(["END"]);
    expect(parse({ stop: ["a", "b", "c", "d"] }).stop).to.have.length(4);
    for (const stop of ["", [], ["a", "b", "c", "d", "e"], ["a", ""], [1], null, {}, "\ud800"]) {
      expect(refusalOf({ messages: MESSAGES, stop })).to.deep.equal([
        "REQUEST_INVALID_FIELD",
        "stop must be a non-empty string or a list of 1 to 4 of them.",
      ]);
    }
  });
});
