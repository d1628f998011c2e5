import { readFileSync } from "node:fs";
import path from "node:path";
import { filesMatchingIn, ROOT } from "../lib/paths.ts";
import type { Rule } from "./rule.ts";

/** EIP-170 allows 24,576 bytes; the rest is room to mend. */
const MAX_BYTES = 22 * 1024;

interface Artifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly deployedBytecode: string;
}

/** Every contract that is deployed to a public chain is small enough. */
export const contractSizeRule: Rule = {
  name: "contract sizes",
  run: () => {
    const artifacts = filesMatchingIn("artifacts/contracts", "**/*.json").map(
      (file) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8")) as Artifact,
    );
    return artifacts.flatMap(({ contractName, sourceName, deployedBytecode }) => {
      const bytes = (deployedBytecode.length - 2) / 2;
      const exempt = sourceName.startsWith("contracts/dev/");
      return bytes > MAX_BYTES && !exempt ? [`${contractName}: ${bytes} bytes, at most ${MAX_BYTES}`] : [];
    });
  },
};
