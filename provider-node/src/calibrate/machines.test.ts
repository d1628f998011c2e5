import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { resolveModel } from "../engine/models.ts";
import { findCpuBinaries } from "./builds.ts";
import type { Machine } from "./machine.ts";
import { machinesAtHand, tellApart } from "./machines.ts";

const CPU = { gpu: "cpu", threads: 1 } as const;

describe("machines of a calibration", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("that compute the same numbers are one, and those that do not run here are none", async () => {
    const model = await resolveModel("storyteller", { dataDir: folder });
    const nowhere = { specifier: "none", version: "0", bins: folder };
    const machines: Machine[] = [
      { ...CPU, name: "one" },
      { ...CPU, name: "two", threads: 2 },
      { ...CPU, name: "plain", flashAttention: false },
      { ...CPU, name: "absent", gpu: "vulkan", binaries: nowhere },
    ];
    const found = await tellApart(machines, model);
    expect(found.map(({ name, same }) => [name, same])).to.deep.equal([
      ["one", ["two"]],
      ["plain", []],
    ]);
  }).timeout(120_000);

  it("are every build for another CPU that is installed, beside other threads and batches", async () => {
    const binaries = await findCpuBinaries();
    const names = (await machinesAtHand(binaries, "cpu", folder)).map(({ name }) => name);
    expect(names).to.deep.equal(["cpu", ...binaries.builds, "2 threads", "batches of 64"]);
  });
});
