import path from "node:path";
import { replayServer, type StandIn } from "./support/recording.ts";
import { upstreamTests } from "./support/upstream-suite.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

describe("engines before a server of OpenAI's API, replayed from what llama-server answered", () => {
  let writing: StandIn;
  let embedding: StandIn;

  before(async () => {
    writing = await replayServer(path.join(FIXTURES, "llama-server-writing.jsonl"));
    embedding = await replayServer(path.join(FIXTURES, "llama-server-embedding.jsonl"));
  });

  after(() => Promise.all([writing.close(), embedding.close()]));

  upstreamTests(() => ({ writing: writing.url, embedding: embedding.url }));
});
