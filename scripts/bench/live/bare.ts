import type { AddressInfo } from "node:net";
import { parseRequest } from "@touchstone/sdk/protocol";
import express, { type Response } from "express";
import { zeroHash } from "viem";
import type { Engine } from "../../../provider-node/src/engine/engine.ts";

const HEAD = { id: "chatcmpl-bare", created: 0, model: "instant" };
const NEVER = new AbortController().signal;

/**
 * The same engine behind the least that speaks OpenAI's API: a body is read, a text is written, nothing is paid, checked
 * or kept.
 */
export async function serveBare(engine: Engine): Promise<string> {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.post("/v1/chat/completions", express.raw({ type: () => true, limit: 2 ** 20 }), async (request, response) => {
    const parsed = parseRequest(request.body as Uint8Array);
    const options = { seed: zeroHash, signal: NEVER };
    if (parsed.stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      await engine.generate(parsed, { ...options, onText: ({ text }) => send(response, { content: text }) });
      send(response, {}, "length");
      response.end("data: [DONE]\n\n");
      return;
    }
    const { output } = await engine.generate(parsed, options);
    const content = "text" in output ? output.text : "";
    const message = { role: "assistant", content };
    const choices = [{ index: 0, message, finish_reason: "length" }];
    response.json({ ...HEAD, object: "chat.completion", choices });
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(response: Response, delta: object, reason: string | null = null): void {
  const choices = [{ index: 0, delta, finish_reason: reason }];
  response.write(`data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", choices })}\n\n`);
}
