import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Upstream } from "./openai-client.ts";
import { type WrittenToken, writtenTokens } from "./openai-completion.ts";

/** What is asked of `/completions`. */
interface Asked {
  readonly prompt: readonly number[];
  readonly max_tokens: number;
  readonly stream?: boolean;
}

/** What the model writes after the prompt 1, 2; tokens from 100 on are parts of characters. */
const TEXT = [5, 6, 100, 101, 7, 8];

const entryOf = (id: number) => ({
  id,
  top_logprobs: [
    { id, logprob: -0.1 },
    { id: id + 1, logprob: -2 },
  ],
});
const llamaServer = (ids: readonly number[]) => ({ choices: [{ logprobs: { content: ids.map(entryOf) } }] });
const vllm = (ids: readonly number[]) => ({
  choices: [
    {
      logprobs: {
        tokens: ids.map((id) => `token_id:${id}`),
        top_logprobs: ids.map((id) => ({ [`token_id:${id}`]: -0.1, [`token_id:${id + 1}`]: -2 })),
      },
    },
  ],
});

describe("tokens that a server writes", () => {
  let server: Server;
  let upstream: Upstream;
  let asked: Asked[];
  let answer: (body: Asked) => readonly unknown[];

  before((done) => {
    server = createServer(async (request, response) => {
      let text = "";
      for await (const part of request) {
        text += String(part);
      }
      const body = JSON.parse(text) as Asked;
      asked.push(body);
      const events = answer(body);
      const lines = [...events.map((event) => JSON.stringify(event)), "[DONE]"].map((line) => `data: ${line}\n\n`);
      response.end(body.stream ? lines.join("") : JSON.stringify(events[0]));
    }).listen(0, "127.0.0.1", () => {
      upstream = new Upstream({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs: 5000 });
      done();
    });
  });

  beforeEach(() => {
    asked = [];
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function take(count: number, limit = TEXT.length): Promise<WrittenToken[]> {
    const order = { model: "m", prompt: [1, 2], limit, candidates: 2 };
    const { signal } = new AbortController();
    const found: WrittenToken[] = [];
    for await (const token of writtenTokens(upstream, order, (id) => id >= 100, signal)) {
      found.push(token);
      if (found.length === count) {
        break;
      }
    }
    return found;
  }
  const restOf = ({ prompt, max_tokens }: Asked) => TEXT.slice(prompt.length - 2, prompt.length - 2 + max_tokens);
  const failure = (work: Promise<unknown>) => work.catch(({ code }) => code);

  it("come with their likeliest rivals, as llama-server and as vLLM tell them", async () => {
    for (const format of [llamaServer, vllm]) {
      answer = () => [5, 6].map((id) => format([id]));
      expect(await take(2)).to.deep.equal(
        [5, 6].map((id) => ({
          id,
          candidates: [
            { id, logit: -0.1 },
            { id: id + 1, logit: -2 },
          ],
        })),
      );
    }
  });

  it("are all there, though a stream leaves out the first parts of a character", async () => {
    answer = (body) => (body.stream ? [5, 6, 101, 7, 8].map((id) => llamaServer([id])) : [llamaServer(restOf(body))]);
    expect((await take(6)).map(({ id }) => id)).to.deep.equal(TEXT);
    expect(asked.map(({ prompt, max_tokens, stream = false }) => ({ prompt, max_tokens, stream }))).to.deep.equal([
      { prompt: [1, 2], max_tokens: 6, stream: true },
      { prompt: [1, 2, 5, 6], max_tokens: 4, stream: false },
    ]);
  });

  it("are all there, though a stream ends within a character", async () => {
    answer = (body) => (body.stream ? [5, 6].map((id) => llamaServer([id])) : [llamaServer(restOf(body))]);
    expect((await take(4, 4)).map(({ id }) => id)).to.deep.equal(TEXT.slice(0, 4));
  });

  it("are none of a server that does not take the likeliest, or does not say which they are", async () => {
    answer = () => [{ choices: [{ logprobs: { content: [{ ...entryOf(5), id: 6 }] } }] }];
    expect(await failure(take(1))).to.equal("ENGINE_FAILED");
    answer = () => [{ choices: [{ text: "a" }] }];
    expect(await failure(take(1))).to.equal("ENGINE_FAILED");
    expect(asked).to.have.length(2); // It is not asked again.
    answer = () => [{ choices: [{ logprobs: { tokens: ["a"], top_logprobs: [{ a: -0.1 }] } }] }];
    expect(await failure(take(1))).to.equal("ENGINE_FAILED");
  });

  it("do not end before the text does", async () => {
    answer = () => [llamaServer([])];
    expect(await failure(take(1))).to.equal("ENGINE_FAILED");
  });
});
