import { expect } from "chai";
import { stringToBytes } from "viem";
import { RequestError } from "../errors.ts";
import { encodeRequest, parseRequest } from "./request.ts";
import { unsupportedOutput } from "./request-extra.ts";

const MESSAGES = [{ role: "user", content: "hi" }] as const;
const TOOLS = [{ type: "function", function: { name: "weather" } }];

const parse = (fields: object) => parseRequest(stringToBytes(JSON.stringify({ messages: MESSAGES, ...fields })));

describe("fields that not every engine serves", () => {
  it("are kept as they came, in one order", () => {
    const response_format = { type: "json_schema", json_schema: { name: "a", schema: {} } };
    const extra = { response_format, tools: TOOLS, tool_choice: "auto", parallel_tool_calls: false };
    const more = { logit_bias: { "1": 2 }, reasoning_effort: "low" };
    const request = parse({ ...more, ...extra });
    expect(request.extra).to.deep.equal({ ...extra, ...more });
    expect(Object.keys(request.extra ?? {})).to.deep.equal(Object.keys({ ...extra, ...more }));
    expect(parseRequest(encodeRequest(request))).to.deep.equal(request);
  });

  it("are none where they ask for no more than text", () => {
    const idle = { response_format: { type: "text" }, tools: [], tool_choice: "auto", parallel_tool_calls: true };
    const request = parse({ ...idle, logit_bias: {} });
    expect(request).to.deep.equal({ messages: MESSAGES });
    expect(unsupportedOutput(request)).to.equal(undefined);
  });

  // These sentences are part of the protocol: a court compares them byte by byte.
  for (const [fields, name] of [
    [{ response_format: { type: "json_object" }, tools: TOOLS }, "response_format"],
    [{ tools: TOOLS }, "tools"],
    [{ messages: [...MESSAGES, { ...MESSAGES[0], name: "Ann" }], tools: TOOLS }, "messages[1].name"],
    [{ messages: [{ role: "tool", content: "", tool_call_id: "c" }] }, "messages[0].tool_call_id"],
  ] as const) {
    it(`are an output of their own where an engine writes text only: ${name}`, () => {
      const error = { code: "UNSUPPORTED_PARAMETER", message: `This model writes text only: leave ${name} out.` };
      expect(unsupportedOutput(parse(fields))).to.deep.equal({ error });
    });
  }

  for (const [fields, message] of [
    [
      { response_format: { type: "xml" } },
      "response_format must be a JSON object whose type is one of text, json_object, json_schema.",
    ],
    [{ tools: [1] }, "tools must be a list of JSON objects."],
    [{ tool_choice: "some" }, "tool_choice must be one of none, auto, required, or a JSON object."],
    [{ tool_choice: "required" }, "tool_choice needs tools."],
    [{ parallel_tool_calls: 1 }, "parallel_tool_calls must be true or false."],
    [{ logit_bias: [] }, "logit_bias must be a JSON object."],
    [{ reasoning_effort: 1 }, "reasoning_effort must be a well-formed string."],
  ] as const) {
    it(`are refused: ${JSON.stringify(fields)}`, () => {
      expect(() => parse(fields))
        .to.throw(RequestError, message)
        .with.property("code", "REQUEST_INVALID_FIELD");
    });
  }
});
