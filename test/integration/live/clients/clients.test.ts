import { decodePaymentResponseHeader } from "@x402/fetch";
import { expect } from "chai";
import { toFile } from "openai";
import { until } from "../../node/support/running.ts";
import type { Seller } from "../support/seller.ts";
import { aiSdkCompatible, aiSdkOpenai, aiSdkOpenaiChat } from "./ai-sdk.ts";
import { type Client, type Door, statusOf, type Wish } from "./client.ts";
import { langchain } from "./langchain.ts";
import { type ClientNetwork, startClientNetwork } from "./network.ts";
import { openaiAt, openaiChat, openaiResponses } from "./openai.ts";

const CLIENTS: readonly Client[] = [
  openaiChat,
  openaiResponses,
  aiSdkOpenai,
  aiSdkOpenaiChat,
  aiSdkCompatible,
  langchain,
];
const DOORS = ["node", "market", "gateway"] as const;
const COST = 19n;

/** Three words that nobody has asked for yet: the same payment with the same request again is answered for nothing. */
let wishes = 0;
function wish(more: Partial<Wish> = {}): Wish {
  wishes += 1;
  return { prompt: `Tell story ${wishes}`, maxTokens: 16, ...more };
}

describe("clients of others, as they are", () => {
  let network: ClientNetwork;
  let doors: Readonly<Record<(typeof DOORS)[number], Door>>;

  before(async () => {
    network = await startClientNetwork();
    doors = { node: await network.node(), market: await network.market(), gateway: network.gateway() };
  });
  after(() => network?.close());

  /** What is paid through doors while something is done; streams are charged at their end. */
  const costOf = async (paying: readonly Door[], act: () => Promise<void>, cost: bigint) => {
    const paid = async () => (await Promise.all(paying.map((door) => door.paid()))).reduce((sum, one) => sum + one, 0n);
    const before = await paid();
    await act();
    await until(paid, (now) => now === before + cost, 10_000); // Until then more may be held.
  };

  for (const client of CLIENTS) {
    describe(client.name, () => {
      for (const way of DOORS) {
        it(`buys an answer and a stream: ${way}`, async () => {
          await costOf(
            [doors[way]],
            async () => {
              const { text, ...usage } = await client.whole(doors[way], wish());
              expect(text.split(" ")).to.have.length(16);
              expect(usage).to.deep.equal({ promptTokens: 3, completionTokens: 16 });
            },
            COST,
          );
          await costOf(
            [doors[way]],
            async () => {
              const pieces: string[] = [];
              const { text, ...usage } = await client.stream(doors[way], wish(), (piece) => pieces.push(piece));
              expect(pieces.join("")).to.equal(text);
              expect([text.split(" ").length, pieces.filter(Boolean).length]).to.deep.equal([16, 16]);
              expect(usage).to.deep.equal({ promptTokens: 3, completionTokens: 16 });
            },
            COST,
          );
        });

        it(`tells of a model that nobody has and of a bad field, at once and for nothing: ${way}`, async () => {
          await costOf(
            [doors[way]],
            async () => {
              const missing = await client.whole(doors[way], wish({ model: "large" })).catch((error) => error);
              expect(statusOf(missing), String(missing)).to.equal(404);
              const bad = await client.whole(doors[way], wish({ temperature: 7 })).catch((error) => error);
              expect(statusOf(bad), String(bad)).to.equal(400);
              expect(String(bad)).to.include("temperature");
            },
            0n,
          );
        });

        if (client.embed !== undefined) {
          it(`buys embeddings: ${way}`, async () => {
            await costOf(
              [doors[way]],
              async () => {
                const vectors = await client.embed!(doors[way], "small", ["A fox.", "An owl."]);
                expect(vectors).to.deep.equal([
                  [0.5, -1],
                  [0.5, -1],
                ]);
              },
              2n,
            );
          });
        }
      }

      it("is told of a wrong key", async () => {
        const error = await client.whole({ ...doors.gateway, apiKey: "sk-wrong" }, wish()).catch((thrown) => thrown);
        expect(statusOf(error), String(error)).to.equal(401);
      });
    });
  }

  it("are told of a budget that is used up, and nobody charges them", async () => {
    const [poor, spent] = [await network.market(10n), network.gateway(10n)];
    await costOf(
      [poor, spent],
      async () => {
        const asked = CLIENTS.flatMap((client) =>
          [poor, spent].map((door) => client.whole(door, wish()).then(String, statusOf)),
        );
        expect(await Promise.all(asked)).to.deep.equal(CLIENTS.flatMap(() => [402, 429]));
      },
      0n,
    );
  });

  it("of OpenAI do not try again what no budget covers", async () => {
    for (const door of [await network.market(10n), network.gateway(10n)]) {
      const error = await openaiChat.whole(door, wish()).catch((thrown) => thrown);
      expect(error.headers.get("x-should-retry")).to.equal("false");
    }
  });

  it("get a stored answer again where x402's client, after a stream, brings the payment and the request of before", async () => {
    const door = await network.node();
    const same = wish();
    await costOf(
      [door],
      async () => {
        const [one, again] = [await openaiChat.stream(door, same), await openaiChat.stream(door, same)];
        expect(again).to.deep.equal(one);
      },
      COST,
    );
  });

  it("pay a single call of a node by a transfer, with x402's own client", async () => {
    const door = await network.node("exact");
    await costOf(
      [door],
      async () => {
        const body = JSON.stringify({ model: "small", messages: [{ role: "user", content: "Tell a story" }] });
        const headers = { "content-type": "application/json" };
        const answer = await door.fetch!(`${door.baseURL}/chat/completions`, { method: "POST", headers, body });
        const { success, transaction } = decodePaymentResponseHeader(answer.headers.get("payment-response")!);
        expect([answer.status, success, transaction.length]).to.deep.equal([200, true, 66]);
      },
      1_000n,
    ); // All of it, and what it costs a provider at least to bring a transfer to the chain.
  });

  it("hear of a batch in OpenAI's words", async () => {
    const openai = openaiAt(doors.gateway);
    const file = await openai.files.create({ file: await toFile(Buffer.from("no json\n")), purpose: "batch" });
    const batch = { input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    const { id } = await openai.batches.create(batch);
    const seen = await until(
      () => openai.batches.retrieve(id),
      ({ status }) => status === "failed",
    );
    expect(seen.errors?.data?.map(({ code }) => code)).to.deep.equal(["invalid_json_line"]);
  });

  describe("where a provider dies amid a stream", () => {
    const LONG = { maxTokens: 120 };

    /** Has clients read three words each and then the provider gone; what each has come to. */
    const outlive = async (seller: Seller, calls: readonly (readonly [Client, Door, Wish])[]) => {
      seller.become({ msPerToken: 40 });
      let reading = 0;
      const ends = calls.map(([client, door, wish]) => {
        let words = 0;
        const onText = () => {
          words += 1;
          reading += words === 3 ? 1 : 0;
        };
        return client.stream(door, wish, onText).then(
          ({ text }) => text.split(" ").length,
          (error: unknown) => error,
        );
      });
      await until(
        () => reading,
        (count) => count === calls.length,
      );
      await seller.vanish();
      return await Promise.all(ends);
    };

    it("go on elsewhere where the request leaves no choice, and pay each provider once for what it made", async () => {
      const before = network.second.node.health().live!.charged;
      const first = network.first.node.health().live!.charged;
      const chats = CLIENTS.filter(({ isResponses }) => !isResponses);
      const bound = chats.flatMap((client) =>
        [doors.market, doors.gateway].map((door) => [client, door, wish({ ...LONG, seed: 7 })] as const),
      );
      const free = CLIENTS.flatMap((client) =>
        client.isResponses ? [[client, doors.market, wish(LONG)] as const] : [],
      );
      const direct = [openaiChat, langchain].map((client) => [client, doors.node, wish(LONG)] as const);
      const ends = await outlive(network.first, [...bound, ...free, ...direct]);
      expect(ends.slice(0, bound.length)).to.deep.equal(bound.map(() => 120));
      for (const end of ends.slice(bound.length)) {
        expect(end).to.be.instanceOf(Error);
      }
      const { charged } = network.second.node.health().live!;
      expect(charged - before).to.equal(BigInt(bound.length) * 123n);
      // Who is cut off is charged as soon as its generation has stopped, clients or not: three words or more, and never all.
      const made = await until(
        () => Number(network.first.node.health().live!.charged - first),
        (sum) => sum >= 6 * ends.length,
      );
      expect(made).to.be.at.most(122 * ends.length);
    });

    it("are told where nobody can go on", async () => {
      const calls = CLIENTS.flatMap((client) =>
        [doors.market, doors.gateway].map((door) => [client, door, wish(LONG)] as const),
      );
      for (const end of await outlive(network.second, calls)) {
        expect(String(end)).to.match(/Error: .*connection to the provider broke.*: ask again\./);
      }
    });

    it("are told to come back while nobody can be reached, though no card tells of the model any more", async () => {
      const ask = async ({ baseURL, apiKey, fetch = globalThis.fetch }: Door) => {
        const headers = { "content-type": "application/json", authorization: `Bearer ${apiKey}` };
        const body = JSON.stringify({ model: "small", messages: [{ role: "user", content: "Tell a story" }] });
        const answer = await fetch(`${baseURL}/chat/completions`, { method: "POST", headers, body });
        const { error } = (await answer.json()) as { error: { code: string } };
        return [answer.status, error.code, answer.headers.has("retry-after")];
      };
      const toldAndListed = async () => {
        expect(await ask(doors.market)).to.deep.equal([503, "PROVIDERS_FAILED", true]);
        return (await openaiAt(doors.market).models.list()).data.length;
      };
      await until(toldAndListed, (models) => models === 0);
      expect(await ask(doors.market)).to.deep.equal([503, "PROVIDERS_FAILED", true]);
      expect((await ask(doors.gateway))[0]).to.equal(503);
    });
  });
});
