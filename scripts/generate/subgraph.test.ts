import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { Kind, parse as parseGraphql } from "graphql";
import { parse as parseYaml } from "yaml";
import * as enums from "../../client-sdk/src/protocol/generated/enums.ts";
import { ROOT } from "../lib/paths.ts";
import { eventsOf, SUBGRAPH_SOURCES } from "./subgraph.ts";

interface Parameter {
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly Parameter[];
}

interface Source {
  readonly name: string;
  readonly mapping: { readonly eventHandlers: readonly { readonly event: string; readonly handler: string }[] };
}

const read = (file: string) => readFileSync(path.join(ROOT, "subgraph", file), "utf8");
const { dataSources } = parseYaml(read("subgraph.yaml")) as { dataSources: readonly Source[] };

describe("the manifest of the subgraph", () => {
  for (const [name, contract] of Object.entries(SUBGRAPH_SOURCES)) {
    it(`has one handler for each event of ${name}, named after it`, () => {
      const source = dataSources.find((candidate) => candidate.name === name);
      const wanted = eventsOf(contract).map((event) => ({ event: signatureOf(event), handler: `handle${event.name}` }));

      expect(wanted.length).to.be.above(20);
      expect(source?.mapping.eventHandlers).to.have.deep.members(wanted);
    });
  }

  it("can be filled in for each network that networks.json has", () => {
    const networks = Object.values(JSON.parse(read("networks.json")) as Record<string, Record<string, unknown>>);

    expect(networks).to.not.be.empty;
    for (const sources of networks) {
      expect(sources).to.have.all.keys(...dataSources.map(({ name }) => name));
    }
  });
});

describe("the schema of the subgraph", () => {
  it("has the enums that Solidity has", () => {
    const { definitions } = parseGraphql(read("schema.graphql"));
    const told = definitions
      .filter((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION)
      .map(({ name, values = [] }) => [name.value, values.map((value) => value.name.value)] as const);

    expect(Object.fromEntries(told)).to.deep.equal({
      JobStatus: Object.keys(enums.JobStatus),
      Outcome: Object.keys(enums.Outcome),
      Verdict: Object.keys(enums.Verdict),
    });
  });
});

/** An event as manifests write it: with `indexed`, and with structs as tuples. */
function signatureOf({
  name,
  inputs = [],
}: {
  readonly name?: string;
  readonly inputs?: readonly Parameter[];
}): string {
  const parameters = inputs.map((input) => `${input.indexed ? "indexed " : ""}${typeOf(input)}`);
  return `${name}(${parameters.join(",")})`;
}

function typeOf({ type, components = [] }: Parameter): string {
  return type.startsWith("tuple") ? `(${components.map(typeOf).join(",")})${type.slice("tuple".length)}` : type;
}
