import { expect } from "chai";
import { stringToBytes } from "viem";
import { RequestError } from "../errors.ts";
import { parseRequest } from "./request.ts";
import { chatOfResponses } from "./responses.ts";

const bytesOf = (value: unknown) => stringToBytes(JSON.stringify(value));
const chatOf = (value: object) => JSON.parse(new TextDecoder().decode(chatOfResponses(bytesOf(value)))) as object;

/** The field that a body is refused for. */
function blamed(bytes: Uint8Array): unknown {
  try {
    chatOfResponses(bytes);
  } catch (error) {
    if (error instanceof RequestError) {
      return error.details.path ?? error.code;
    }
    throw error;
  }
  throw new Error("It was not refused.");
}

describe("a Responses body", () => {
  it("comes to a chat: instructions first, then what was said", () => {
    const input = [
      { type: "message", role: "developer", content: "Be kind." },
      {
        role: "user",
        content: [
          { type: "input_text", text: "Tell " },
          { type: "input_text", text: "a story" },
        ],
      },
      {
        id: "msg_1",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Once.", annotations: [] }],
      },
    ];
    expect(
      chatOf({ model: "m", instructions: "Be brief.", input, max_output_tokens: 9, temperature: 0, top_p: 1 }),
    ).to.deep.equal({
      model: "m",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "system", content: "Be kind." },
        { role: "user", content: "Tell a story" },
        { role: "assistant", content: "Once." },
      ],
      max_tokens: 9,
      temperature: 0,
      top_p: 1,
    });
  });

  it("comes to the same bytes however its fields are ordered and whatever has no effect, so a receipt binds both sides", () => {
    const plain = chatOfResponses(bytesOf({ model: "m", input: "hi", temperature: 1 }));
    const other = {
      temperature: 1,
      store: false,
      stream: true,
      metadata: { a: "b" },
      user: "u",
      input: "hi",
      model: "m",
    };
    expect(chatOfResponses(bytesOf(other))).to.deep.equal(plain);
    expect(parseRequest(plain).messages).to.deep.equal([{ role: "user", content: "hi" }]);
  });

  it("asks for probabilities and for formats in the words of a chat", () => {
    const include = ["message.output_text.logprobs"];
    expect(chatOf({ model: "m", input: "hi", include, top_logprobs: 2 })).to.include({
      logprobs: true,
      top_logprobs: 2,
    });
    const format = { type: "json_schema", name: "n", schema: { type: "object" } };
    expect(chatOf({ model: "m", input: "hi", text: { format } })).to.deep.include({
      response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } },
    });
    expect(chatOf({ model: "m", input: "hi", text: { format: { type: "text" } } })).to.not.have.property(
      "response_format",
    );
  });

  it("is refused for what would need a memory, tools or eyes, and the field is named", () => {
    for (const [field, value] of [
      ["previous_response_id", "resp_1"],
      ["conversation", "conv_1"],
      ["prompt", { id: "p" }],
      ["reasoning", { effort: "low" }],
      ["tools", [{ type: "web_search" }]],
      ["background", true],
      ["truncation", "auto"],
      ["input", [{ role: "user", content: [{ type: "input_image", image_url: "http://x" }] }]],
      ["input", []],
      ["surprise", 1],
    ] as const) {
      expect(blamed(bytesOf({ model: "m", input: "hi", [field]: value })), field).to.equal(field);
    }
    expect(blamed(bytesOf({ input: "hi" }))).to.equal("model");
    expect(blamed(stringToBytes("[]"))).to.equal("REQUEST_NOT_AN_OBJECT");
    expect(blamed(Uint8Array.of(0xff))).to.equal("REQUEST_NOT_UTF8");
  });
});
