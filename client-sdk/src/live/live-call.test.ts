import { expect } from "chai";
import { MAX_PRICE_HEADER } from "./headers.ts";
import { readCall, routePath } from "./live-call.ts";

const URL_OF = (path: string) => `https://touchstone.invalid/v1/${path}`;
const BODY = JSON.stringify({ model: "toy", messages: [{ role: "user", content: "hé" }], max_tokens: 5, stream: true });

function codeOf(read: Promise<unknown>): Promise<unknown> {
  return read.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
}

describe("Live call", () => {
  it("finds the path behind the last /v1/ of any URL", () => {
    expect(routePath("https://x/v1/models")).to.equal("models");
    expect(routePath("http://x:1/proxy/v1/a/v1/chat/completions/?x=1")).to.equal("chat/completions");
    expect(routePath("https://x/chat/completions")).to.equal(undefined);
  });

  it("reads the same of every way to give a body, byte by byte", async () => {
    const bytes = new TextEncoder().encode(BODY);
    const ways: readonly (readonly [RequestInfo | URL, RequestInit?])[] = [
      [URL_OF("chat/completions"), { method: "POST", body: BODY }],
      [new URL(URL_OF("chat/completions")), { method: "POST", body: bytes }],
      [URL_OF("chat/completions"), { method: "POST", body: new Blob([bytes]) }],
      [new Request(URL_OF("chat/completions"), { method: "POST", body: BODY })],
    ];
    for (const [input, init] of ways) {
      const call = await readCall(input, init);
      expect(call.bytes).to.deep.equal(bytes);
      expect(call).to.include({ route: "chat", path: "v1/chat/completions", model: "toy", isStream: true });
      expect(call.size).to.deep.include({ bytes: bytes.length, messages: 1, maxTokens: 5 });
    }
  });

  it("knows which requests leave no choice, and which streams carry text alone", async () => {
    const read = (fields: object) =>
      readCall(URL_OF("chat/completions"), {
        method: "POST",
        body: JSON.stringify({ model: "toy", messages: [], ...fields }),
      });
    expect(await read({ temperature: 0 })).to.include({ isGreedy: true, isPlain: true });
    expect(await read({ seed: 3 })).to.include({ isGreedy: true });
    expect(await read({})).to.include({ isGreedy: false });
    expect(await read({ logprobs: true })).to.include({ isPlain: false });
    expect(await read({ tools: [] })).to.include({ isPlain: false });
  });

  it("commits a Responses body to the chat that it comes to", async () => {
    const body = JSON.stringify({ model: "toy", input: "hi", max_output_tokens: 9 });
    const call = await readCall(URL_OF("responses"), { method: "POST", body });
    expect(JSON.parse(new TextDecoder().decode(call.committed))).to.have.property("messages");
    expect(call.size.maxTokens).to.equal(9);
    const tools = JSON.stringify({ model: "toy", input: "hi", previous_response_id: "x" });
    expect(await codeOf(readCall(URL_OF("responses"), { method: "POST", body: tools }))).to.equal("CALL_INVALID");
  });

  it("refuses what it cannot buy", async () => {
    const post = (path: string, body: string, headers = {}) =>
      readCall(URL_OF(path), { method: "POST", body, headers });
    expect(await codeOf(post("files", "{}"))).to.equal("ROUTE_UNKNOWN");
    expect(await codeOf(post("chat/completions", "{"))).to.equal("CALL_INVALID");
    expect(await codeOf(post("chat/completions", "[]"))).to.equal("CALL_INVALID");
    expect(await codeOf(post("chat/completions", '{"messages":[]}'))).to.equal("CALL_INVALID");
    expect(await codeOf(post("chat/completions", BODY, { [MAX_PRICE_HEADER]: "-1" }))).to.equal("CALL_INVALID");
    expect((await post("chat/completions", BODY, { [MAX_PRICE_HEADER]: "12" })).maxPrice).to.equal(12n);
  });
});
