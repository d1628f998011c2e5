import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { build } from "esbuild";
import { ROOT } from "../../scripts/lib/paths.ts";

/** What a page gets that uses only so much of the SDK. Paths of Node's modules stay in it. */
async function bundle(names: string, from = "@touchstone/sdk") {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `import { ${names} } from "${from}"; globalThis.used = [${names}];`, resolveDir: ROOT },
    ...{ bundle: true, minify: true, format: "esm", platform: "browser", write: false, metafile: true },
    external: ["crypto", "node:*"],
  });
  const inputs = Object.entries(metafile.inputs);
  const left = inputs.flatMap(([file, { imports }]) => imports.map((one) => ({ file, ...one })));
  const [{ contents } = expect.fail("no bundle")] = outputFiles;
  return {
    size: gzipSync(contents).length,
    files: Object.values(metafile.outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ),
    external: left.filter(({ external = false }) => external),
  };
}

describe("SDK: in a page's bundle", () => {
  it("needs nothing of Node", async () => {
    const { external, size } = await bundle("createTouchstoneFetch, webChannelStore, buyerActions, createMarketIndex");
    // HPKE asks Node for what browsers have, and asks only where they have it not.
    const others = external.filter(({ file, kind }) => !(file.includes("@hpke/") && kind === "dynamic-import"));
    expect(others).to.deep.equal([]);
    expect(size).to.be.lessThan(220_000);
  });

  it("is only as large as what is used of it", async () => {
    const live = await bundle("createTouchstoneFetch");
    expect(live.size).to.be.lessThan(160_000);
    expect(live.files.filter((file) => file.includes("market-index"))).to.deep.equal([]);
    const tree = await bundle("merkleRoot", "@touchstone/sdk/protocol");
    expect(tree.size).to.be.lessThan(15_000);
  });
});
