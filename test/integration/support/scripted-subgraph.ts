import { type ScriptedServer, scriptServer, sendJson } from "./scripted-server.ts";

/** A stand-in for a subgraph that answers as told: what is under test is how it is asked, and what is made of its failures. */
export interface ScriptedSubgraph {
  readonly url: string;
  /** Queries asked so far. */
  readonly asked: string[];
  /** What to answer a query with. */
  answer: (query: string) => unknown;
  /** Instead of an answer in JSON. */
  instead: ScriptedServer["routes"][string] | undefined;
  close(): Promise<void>;
}

export async function scriptSubgraph(): Promise<ScriptedSubgraph> {
  const server = await scriptServer({});
  const subgraph: ScriptedSubgraph = {
    url: `${server.url}/graph`,
    asked: [],
    answer: () => ({}),
    instead: undefined,
    close: () => server.close(),
  };
  server.routes["POST /v1/graph"] = (response, body, request) => {
    const query = String(body.query);
    subgraph.asked.push(query);
    if (subgraph.instead !== undefined) {
      subgraph.instead(response, body, request);
    } else {
      sendJson(response, subgraph.answer(query));
    }
  };
  return subgraph;
}
