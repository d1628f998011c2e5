import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parseOptions, UsageError } from "./options.ts";

describe("options of the demo", () => {
  let folder: string;
  let prompts: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "options-"));
    prompts = path.join(folder, "prompts.txt");
    writeFileSync(prompts, "one\n\n  \ntwo\r\nthree\n");
  });

  after(() => rmSync(folder, { recursive: true }));

  it("sends eight prompts in a quoted job unless told otherwise", () => {
    const options = parseOptions([], prompts);
    expect(options?.mode).to.equal("quoted");
    expect(options?.json).to.equal(false);
    expect(options?.prompts).to.deep.equal(["one", "two", "three", "one", "two", "three", "one", "two"]);
  });

  it("sends all prompts of a file that was named, or as many as were asked for", () => {
    expect(parseOptions(["--prompts", prompts], "none")?.prompts).to.deep.equal(["one", "two", "three"]);
    expect(parseOptions(["--prompts", prompts, "--items", "2"], "none")?.prompts).to.deep.equal(["one", "two"]);
  });

  it("takes every mode and says so where it is none", () => {
    for (const mode of ["direct", "open", "quoted", "order"]) {
      expect(parseOptions(["--mode", mode], prompts)?.mode).to.equal(mode);
    }
    expect(() => parseOptions(["--mode", "auction"], prompts)).to.throw(UsageError, "direct, open, quoted, order");
  });

  it("refuses numbers of items that are none, files that are not there, and unknown options", () => {
    for (const items of ["0", "-1", "1.5", "many", "1001"]) {
      expect(() => parseOptions([`--items=${items}`], prompts), items).to.throw(UsageError, "--items");
    }
    expect(() => parseOptions(["--prompts", path.join(folder, "absent")], prompts)).to.throw(
      UsageError,
      "cannot be read",
    );
    expect(() => parseOptions(["--prmpts", "x"], prompts)).to.throw(UsageError, "--prompts FILE");
  });

  it("takes every cheat, none among them, for a job that goes to the cheapest", () => {
    for (const cheat of ["model", "quantised", "seed", "prompt", "truncate", "withhold", "prefill", "none"]) {
      expect(parseOptions(["--cheat", cheat], prompts)).to.include({ cheat, mode: "quoted" });
    }
    expect(parseOptions([], prompts)).to.not.have.property("cheat");
    expect(() => parseOptions(["--cheat", "lie"], prompts)).to.throw(UsageError, "withhold, prefill, none");
    expect(() => parseOptions(["--cheat", "model", "--mode", "open"], prompts)).to.throw(UsageError, "--mode open");
  });

  it("buys three calls, or as many as were asked for, instead of a job", () => {
    expect(parseOptions(["--live"], prompts)).to.deep.include({ live: true, prompts: ["one", "two", "three"] });
    expect(parseOptions(["--live", "--items", "1"], prompts)?.prompts).to.deep.equal(["one"]);
    expect(parseOptions([], prompts)).to.not.have.property("live");
    for (const other of [
      ["--cheat", "model"],
      ["--mode", "quoted"],
    ]) {
      expect(() => parseOptions(["--live", ...other], prompts)).to.throw(UsageError, "--live");
    }
  });

  it("refuses a file without prompts", () => {
    const empty = path.join(folder, "empty.txt");
    writeFileSync(empty, "\n \n");
    expect(() => parseOptions(["--prompts", empty], prompts)).to.throw(UsageError, "holds no prompt");
  });

  it("gives nothing where help is asked for", () => {
    expect(parseOptions(["--help"], prompts)).to.equal(undefined);
  });
});
