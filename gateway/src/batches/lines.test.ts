import { expect } from "chai";
import { type Hex, keccak256, stringToHex } from "viem";
import { readLines } from "./lines.ts";
import { planJobs } from "./plan.ts";

const MODEL: Hex = keccak256(stringToHex("a model"));
const OTHER: Hex = keccak256(stringToHex("another model"));
const IDS = new Map([
  ["small", MODEL],
  ["alias", MODEL],
  ["large", OTHER],
]);
const ROOMY = { maxJobItems: 1_000, maxJobBytes: 100_000 };

function line(id: string, model = "small", body: Record<string, unknown> = {}): string {
  const messages = [{ role: "user", content: "A fox." }];
  return JSON.stringify({
    custom_id: id,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model, messages, ...body },
  });
}

describe("the lines of a batch", () => {
  it("are numbered as people count them; empty ones are skipped, and line ends of Windows taken", () => {
    const { good, bad } = readLines(`${line("a")}\r\n\n${line("b")}\n`);
    expect(good.map((one) => [one.line, one.customId])).to.deep.equal([
      [1, "a"],
      [3, "b"],
    ]);
    expect(bad).to.deep.equal([]);
  });

  it("become the same bytes in whatever order their fields stand", () => {
    const turned = `{"body":{"messages":[{"content":"A fox.","role":"user"}],"model":"small"},"url":"/v1/chat/completions","method":"POST","custom_id":"b"}`;
    const [one, other] = readLines(`${line("a")}\n${turned}`).good;
    expect(one?.bytes).to.deep.equal(other?.bytes);
  });

  it("that no provider could serve are told by their field, and cost nothing", () => {
    const { bad } = readLines([line("a", "small", { temperature: 9 }), line("b", "small", { n: 2 })].join("\n"));
    expect(bad.map(({ fault }) => fault.param)).to.deep.equal(["body.temperature", "body.n"]);
  });
});

describe("the jobs of a batch", () => {
  const plan = (models: readonly string[], bounds = ROOMY) => {
    const { good } = readLines(models.map((model, index) => line(`id-${index}`, model)).join("\n"));
    return planJobs(good, IDS, bounds).map(({ model, lines }) => [model, lines]);
  };

  it("are one for each model, by its id and not by its name", () => {
    expect(plan(["small", "large", "alias", "small"])).to.have.deep.members([
      [MODEL, [1, 3, 4]],
      [OTHER, [2]],
    ]);
  });

  it("leave out lines of models that nobody offers", () => {
    expect(plan(["unheard-of", "small"])).to.deep.equal([[MODEL, [2]]]);
  });

  it("are more where nodes take no more items or bytes at once", () => {
    const models = ["small", "small", "small", "small", "small"];
    expect(plan(models, { ...ROOMY, maxJobItems: 2 })).to.deep.equal([
      [MODEL, [1, 2]],
      [MODEL, [3, 4]],
      [MODEL, [5]],
    ]);
    expect(plan(models, { ...ROOMY, maxJobBytes: 250 }).length).to.be.greaterThan(1);
  });
});
