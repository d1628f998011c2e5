import { expect } from "chai";
import { stringToBytes } from "viem";
import { RequestError } from "../errors.ts";
import { encodeRequest, parseRequest } from "./request.ts";

/** The messages of a request, read. */
const read = (...messages: readonly unknown[]) => parseRequest(stringToBytes(JSON.stringify({ messages }))).messages;

/** What a request with these messages is refused with. */
function refusalOf(...messages: readonly unknown[]): [string, string] {
  try {
    read(...messages);
  } catch (error) {
    if (error instanceof RequestError) {
      return [error.code, error.message];
    }
    throw error;
  }
  throw new Error("They were not refused.");
}

const USER = { role: "user", content: "hi" };
const CALL = { id: "c1", type: "function", function: { name: "weather", arguments: "{}" } };

describe("messages", () => {
  it("are texts, or lists of text parts put together", () => {
    const parts = [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    expect(read({ role: "user", content: parts })).to.deep.equal([{ role: "user", content: "ab" }]);
  });

  it("of developers are those of the system", () => {
    expect(read({ role: "developer", content: "a" })).to.deep.equal([{ role: "system", content: "a" }]);
  });

  it("that came as an answer go back as they are", () => {
    expect(read({ role: "assistant", content: "a", refusal: null, tool_calls: null })).to.deep.equal([
      { role: "assistant", content: "a" },
    ]);
  });

  it("keep names and calls of tools, and give them back", () => {
    const asked = { role: "assistant", content: null, tool_calls: [CALL] };
    const told = { role: "tool", content: "rain", tool_call_id: "c1" };
    const messages = read({ ...USER, name: "Ann" }, asked, told);
    expect(messages).to.deep.equal([
      { ...USER, extra: { name: "Ann" } },
      { role: "assistant", content: "", extra: { tool_calls: [CALL] } },
      { role: "tool", content: "rain", extra: { tool_call_id: "c1" } },
    ]);
    expect(parseRequest(encodeRequest({ messages })).messages).to.deep.equal(messages);
  });

  // These sentences are part of the protocol: a court compares them byte by byte.
  for (const [name, bad, code, message] of [
    ["that is no object", "hi", "REQUEST_NOT_AN_OBJECT", "messages[0] must be a JSON object."],
    [
      "with an unknown field",
      { ...USER, audio: {} },
      "REQUEST_UNKNOWN_FIELD",
      "messages[0] has a field that is not one of role, content, name, tool_calls, tool_call_id, refusal.",
    ],
    [
      "of an unknown role",
      { role: "judge", content: "hi" },
      "REQUEST_INVALID_FIELD",
      "messages[0].role must be one of system, developer, user, assistant, tool.",
    ],
    [
      "without content",
      { role: "user" },
      "REQUEST_INVALID_FIELD",
      "messages[0].content must be a well-formed string, or a list of text parts.",
    ],
    [
      "without any part",
      { role: "user", content: [] },
      "REQUEST_INVALID_FIELD",
      "messages[0].content must be a well-formed string, or a list of text parts.",
    ],
    [
      "with a picture",
      { role: "user", content: [{ type: "image_url", text: "" }] },
      "REQUEST_INVALID_FIELD",
      "messages[0].content[0] must be a part of type text, with a well-formed string as its text.",
    ],
    [
      "with a name that is no text",
      { ...USER, name: 7 },
      "REQUEST_INVALID_FIELD",
      "messages[0].name must be a well-formed string.",
    ],
    [
      "of a user who calls tools",
      { ...USER, tool_calls: [CALL] },
      "REQUEST_INVALID_FIELD",
      "messages[0].tool_calls must be a list of at least one JSON object, of role assistant.",
    ],
    [
      "of a tool that nobody called",
      { role: "tool", content: "" },
      "REQUEST_INVALID_FIELD",
      "messages[0].tool_call_id must be a well-formed string with role tool, and left out else.",
    ],
    [
      "of a user with a tool's id",
      { ...USER, tool_call_id: "c1" },
      "REQUEST_INVALID_FIELD",
      "messages[0].tool_call_id must be a well-formed string with role tool, and left out else.",
    ],
    [
      "with a refusal",
      { role: "assistant", content: "", refusal: "no" },
      "REQUEST_INVALID_FIELD",
      "messages[0].refusal must be null, or left out.",
    ],
  ] as const) {
    it(`are refused with one ${name}`, () => {
      expect(refusalOf(bad)).to.deep.equal([code, message]);
    });
  }

  it("are refused with a lone surrogate", () => {
    const bytes = stringToBytes('{"messages":[{"role":"user","content":"\\ud800"}]}');
    expect(() => parseRequest(bytes))
      .to.throw()
      .with.property("code", "REQUEST_INVALID_FIELD");
  });
});
