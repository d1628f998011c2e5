import { once } from "node:events";
import { Agent, request } from "node:http";
import type { ReadyCall } from "./payments.ts";

/** How calls went. */
export interface Load {
  /** How long each took until its last byte, in the order in which they ended. Milliseconds. */
  readonly ms: readonly number[];
  readonly seconds: number;
}

/** Sends calls, so many at a time, over connections that stay open. Throws unless every one is answered with 200. */
export async function send(url: string, calls: readonly ReadyCall[], parallel: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const ms: number[] = [];
  let next = 0;
  const start = performance.now();
  const worker = async () => {
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
      const began = performance.now();
      await sendOne(url, call, agent);
      ms.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { ms, seconds };
}

/** Sends one call and reads its whole answer. */
export function sendOne(url: string, { body, payment }: ReadyCall, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "payment-signature": payment,
    };
    const sent = request(`${url}/v1/chat/completions`, { agent, method: "POST", headers }, (response) => {
      response.resume();
      response.once("error", reject);
      response.once("end", () => {
        response.statusCode === 200 ? resolve() : reject(new Error(`A call was answered with ${response.statusCode}.`));
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Opens a stream and resolves when its first bytes are here; `end` leaves it. */
export async function openStream(url: string, { body, payment }: ReadyCall, agent: Agent) {
  const headers = { "content-type": "application/json", "payment-signature": payment };
  const sent = request(`${url}/v1/chat/completions`, { agent, method: "POST", headers });
  sent.on("error", () => undefined); // It is left on purpose.
  sent.end(body);
  const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  if (response.statusCode !== 200) {
    throw new Error(`A stream was answered with ${response.statusCode}.`);
  }
  response.on("error", () => undefined);
  await once(response, "data");
  response.resume();
  return { end: () => sent.destroy() };
}
