import { expect } from "chai";
import { formatOf, promptOf, type RequestFormat, readRequests } from "./read-requests.ts";

const read = (text: string, format: RequestFormat, column?: string) =>
  readRequests({ text, format, column, maxTokens: 64 });
const promptsOf = (text: string, format: RequestFormat, column?: string) =>
  read(text, format, column).requests.map(promptOf);
const linesOf = (text: string, format: RequestFormat) => read(text, format).faults.map(({ line }) => line);

describe("reading requests from text", () => {
  it("takes a prompt a line, without empty ones, each with the limit", () => {
    const { requests, faults } = read("  one \r\n\n two\n", "text");
    expect([requests.map(promptOf), faults]).to.deep.equal([["one", "two"], []]);
    expect(requests.map(({ maxTokens }) => maxTokens)).to.deep.equal([64, 64]);
    expect(read("", "text").requests).to.deep.equal([]);
  });
});

describe("reading requests from JSON Lines", () => {
  it("takes prompts, plain strings, chat requests and lines of batch files", () => {
    const chat = {
      messages: [
        { role: "system", content: "Be brief" },
        { role: "user", content: "c" },
      ],
      max_tokens: 3,
    };
    const lines = [
      { prompt: "a", temperature: 0 },
      "b",
      chat,
      { custom_id: "1", body: { ...chat, max_tokens: undefined } },
    ];
    const { requests, faults } = read(lines.map((line) => JSON.stringify(line)).join("\n"), "jsonl");
    expect(faults).to.deep.equal([]);
    expect(requests.map(promptOf)).to.deep.equal(["a", "b", "c", "c"]);
    expect(requests.map(({ maxTokens }) => maxTokens)).to.deep.equal([64, 64, 3, 64]);
    expect(requests[0]?.temperature).to.equal(0);
  });

  it("tells every line that is no request by its number, and reads the others", () => {
    const bad = [
      "{",
      "5",
      "{}",
      '{"prompt": " "}',
      '{"prompt": "a", "temperature": 9}',
      '{"messages": []}',
      '{"prompt": 1}',
    ];
    const text = ["", '{"prompt": "fine"}', ...bad].join("\n");
    expect(linesOf(text, "jsonl")).to.deep.equal([3, 4, 5, 6, 7, 8, 9]);
    expect(promptsOf(text, "jsonl")).to.deep.equal(["fine"]);
    expect(read(text, "jsonl").faults.every(({ message }) => message.length > 20)).to.equal(true);
  });

  it("holds what lines ask to what the protocol takes", () => {
    expect(linesOf('{"prompt": "a", "max_tokens": 0}\n{"prompt": "a", "bogus": 1}', "jsonl")).to.deep.equal([1, 2]);
  });
});

describe("reading requests from CSV", () => {
  it("reads the column that is named so, or that is chosen", () => {
    const text = "id,Prompt,note\n1,hello,x\n2,world,y\n";
    const { columns, column } = read(text, "csv");
    expect([columns, column]).to.deep.equal([["id", "Prompt", "note"], "Prompt"]);
    expect(promptsOf(text, "csv")).to.deep.equal(["hello", "world"]);
    expect(promptsOf(text, "csv", "note")).to.deep.equal(["x", "y"]);
    expect(promptsOf("a;b\n1;2\n3;4", "csv", "b")).to.deep.equal(["2", "4"]);
    expect(read("x,y\n1,2", "csv").column).to.equal("x");
  });

  it("reads quoted values of several lines, and counts lines as an editor does", () => {
    const text = 'id,prompt\r\n1,"two\r\nlines, and ""quotes"""\r\n2,\r\n\r\n3,last\r\n4,';
    expect(promptsOf(text, "csv")).to.deep.equal(['two\r\nlines, and "quotes"', "last"]);
    expect(linesOf(text, "csv")).to.deep.equal([4, 7]);
  });

  it("tells a quote that is not closed", () => {
    expect(linesOf('id,prompt\n1,fine\n2,"never closed\n3,x', "csv")).to.deep.equal([3]);
    expect(read("", "csv")).to.deep.equal({ requests: [], faults: [], columns: [], column: undefined });
  });
});

describe("how a file is written", () => {
  it("shows by its name, else by its beginning", () => {
    const names = ["a.jsonl", "a.ndjson", "a.CSV", "a.tsv", "a.txt"].map((name) => formatOf("x", name));
    expect(names).to.deep.equal(["jsonl", "jsonl", "csv", "csv", "text"]);
    expect([formatOf('\n{"prompt": "x"}'), formatOf("Hello")]).to.deep.equal(["jsonl", "text"]);
  });
});
