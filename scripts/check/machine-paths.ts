import { readFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "../lib/command.ts";
import { ROOT } from "../lib/paths.ts";
import type { Rule } from "./rule.ts";

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.\-/}])\/(?:home|root|work|Users|mnt)\/[\w.]/, "a path of one machine"],
  [/\b[A-Z]:\\Users\\/, "a path of one machine"],
  [/\b(?:registry\.(?:npmjs|yarnpkg|npmmirror)|pypi\.org|files\.pythonhosted|deb\.debian)\b/, "the host of a registry"],
];

/** No file of the repository names a path of somebody's machine or the host of a registry. */
export const machinePathRule: Rule = {
  name: "no machine's paths or registry hosts",
  run: async () => {
    const listed = await runCommand(["git", "ls-files", "-z", "-co", "--exclude-standard"], { quiet: true });
    if (listed.code !== 0) {
      return [`git cannot list the files: ${listed.output}`];
    }
    return listed.output.split("\0").filter(Boolean).flatMap(breachesIn);
  },
};

function breachesIn(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(path.join(ROOT, file), "utf8");
  } catch {
    return []; // Deleted and not yet committed, or a link to a folder.
  }
  if (text.includes("\0")) {
    return []; // Binary.
  }
  return text.split("\n").flatMap((line, index) => {
    const found = PATTERNS.find(([pattern]) => pattern.test(line));
    return found === undefined ? [] : [`${file}:${index + 1}: names ${found[1]}`];
  });
}
