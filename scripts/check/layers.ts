/** A part of the tree and what it may import. */
export interface Layer {
  readonly name: string;
  /** Which files belong to it; a file belongs to the first layer that takes it. */
  readonly files: RegExp;
  /** Other layers that it may import; its own files it always may. */
  readonly layers: readonly string[];
  /** Packages that it may import: exact names, or `name/*` for every path of one. Anything where left out. */
  readonly packages?: readonly string[];
}

const SDK = ["@touchstone/sdk", "@touchstone/sdk/protocol"];

/** Of the dApp; pages know nothing of one another. */
const PAGES = ["playground", "jobs", "providers", "console", "cases", "network"];

/** Who may import whom. Tests beside the sources are free. */
export const LAYERS: readonly Layer[] = [
  { name: "contracts/dev", files: /^contracts\/dev\//, layers: ["contracts"], packages: ["@openzeppelin/contracts/*"] },
  { name: "contracts", files: /^contracts\//, layers: [], packages: ["@openzeppelin/contracts/*"] },

  { name: "sdk errors", files: /^client-sdk\/src\/errors\.ts$/, layers: [], packages: ["viem"] },
  {
    name: "sdk protocol",
    files: /^client-sdk\/src\/protocol\//,
    layers: ["sdk errors"],
    packages: ["viem", "viem/utils", "@hpke/core", "canonicalize", "zod"],
  },
  {
    name: "sdk actions",
    files: /^client-sdk\/src\/actions\//,
    layers: ["sdk protocol", "sdk errors"],
    packages: ["viem", "viem/*", "p-retry"],
  },
  {
    name: "sdk live files",
    files: /^client-sdk\/src\/live\/(file-stores|node-modules\.d)\.ts$/,
    layers: ["sdk live", "sdk protocol"],
    packages: ["viem", "node:fs", "node:path"],
  },
  {
    name: "sdk live",
    files: /^client-sdk\/src\/live\//,
    layers: ["sdk actions", "sdk protocol", "sdk errors"],
    packages: ["viem", "viem/*", "p-retry", "zod", "eventsource-parser", "eventsource-parser/*"],
  },
  {
    name: "sdk index",
    files: /^client-sdk\/src\/market-index\//,
    layers: ["sdk actions", "sdk protocol", "sdk errors"],
    packages: ["viem", "zod"],
  },
  {
    name: "sdk",
    files: /^client-sdk\/src\//,
    layers: ["sdk index", "sdk live", "sdk actions", "sdk protocol", "sdk errors"],
    packages: ["viem", "viem/*", "p-retry", "zod", "canonicalize"],
  },

  { name: "gateway keys", files: /^gateway\/src\/keys\//, layers: [], packages: ["node:*"] },
  { name: "gateway batch state", files: /^gateway\/src\/batches\/state\.ts$/, layers: [] },
  {
    name: "gateway store",
    files: /^gateway\/src\/store\//,
    layers: ["gateway keys", "gateway batch state", "gateway common"],
    packages: [...SDK, "better-sqlite3", "kysely", "viem", "node:*"],
  },
  { name: "gateway live", files: /^gateway\/src\/live\//, layers: ["gateway store", "gateway common"] },
  {
    name: "gateway batches",
    files: /^gateway\/src\/batches\//,
    layers: ["gateway batch state", "gateway store", "gateway live", "gateway common"],
  },
  {
    name: "gateway http",
    files: /^gateway\/src\/(http|usage)\//,
    layers: [
      "gateway keys",
      "gateway store",
      "gateway live",
      "gateway batch state",
      "gateway batches",
      "gateway common",
    ],
  },
  {
    name: "gateway",
    files: /^gateway\/src\/(gateway|index)\.ts$/,
    layers: [
      "gateway http",
      "gateway batches",
      "gateway batch state",
      "gateway live",
      "gateway store",
      "gateway common",
    ],
  },
  { name: "gateway common", files: /^gateway\/src\/[^/]+\.ts$/, layers: [] },

  {
    name: "node main",
    files: /^provider-node\/src\/main\.ts$/,
    layers: [
      "cli",
      "node assembly",
      "http",
      "owner",
      "live",
      "runner",
      "seats",
      "stages",
      "verify",
      "engine",
      "chain",
      "store",
      "machine",
      "node common",
    ],
  },
  {
    name: "cli",
    files: /^provider-node\/src\/cli\//,
    layers: [
      "node assembly",
      "http",
      "owner",
      "live",
      "runner",
      "seats",
      "stages",
      "calibrate",
      "verify",
      "engine",
      "chain",
      "store",
      "machine",
      "node common",
    ],
  },
  {
    name: "node assembly",
    files: /^provider-node\/src\/(node|assembly|contact)\.ts$/,
    layers: [
      "runner",
      "owner",
      "live",
      "seats",
      "stages",
      "engine",
      "chain",
      "submitter",
      "store",
      "machine",
      "node common",
    ],
  },
  {
    name: "http",
    files: /^provider-node\/src\/http\//,
    layers: ["runner", "owner", "machine", "live", "engine", "store", "node common"],
  },
  { name: "owner", files: /^provider-node\/src\/owner\//, layers: ["store", "node common"] },
  {
    name: "live",
    files: /^provider-node\/src\/live\//,
    layers: ["store", "engine", "verify", "submitter", "chain", "node common"],
  },
  {
    name: "machine",
    files: /^provider-node\/src\/(jobs\/machine|seats\/(machine|dossier))\.ts$/,
    layers: [],
    packages: ["@touchstone/sdk/protocol", "viem"],
  },
  {
    name: "runner",
    files: /^provider-node\/src\/jobs\//,
    layers: ["machine", "stages", "store", "chain", "node common"],
  },
  {
    name: "seats",
    files: /^provider-node\/src\/seats\//,
    layers: ["machine", "stages", "store", "chain", "submitter", "engine", "verify", "node common"],
  },
  {
    name: "stages",
    files: /^provider-node\/src\/stages\//,
    layers: ["machine", "store", "submitter", "engine", "verify", "node common"],
  },
  { name: "calibrate", files: /^provider-node\/src\/calibrate\//, layers: ["verify", "engine", "node common"] },
  { name: "verify", files: /^provider-node\/src\/verify\//, layers: ["engine", "node common"] },
  { name: "engine", files: /^provider-node\/src\/engine\//, layers: ["node common"] },
  {
    name: "submitter",
    files: /^provider-node\/src\/chain\/submitter\.ts$/,
    layers: ["chain", "store", "node common"],
  },
  { name: "chain", files: /^provider-node\/src\/chain\//, layers: ["submitter", "store", "node common"] },
  { name: "store", files: /^provider-node\/src\/store\//, layers: ["machine", "node common"] },
  { name: "node common", files: /^provider-node\/src\/[^/]+\.ts$/, layers: [] },

  {
    name: "dapp lib",
    files: /^dapp\/src\/lib\//,
    layers: [],
    packages: [...SDK, "viem", "zod", "clsx", "tailwind-merge", "papaparse", "eventsource-parser/*"],
  },
  { name: "dapp network", files: /^dapp\/src\/network\//, layers: ["dapp lib"] },
  { name: "dapp hooks", files: /^dapp\/src\/hooks\//, layers: ["dapp lib", "dapp network"] },
  {
    name: "dapp components",
    files: /^dapp\/src\/components\//,
    layers: ["dapp lib", "dapp network", "dapp hooks"],
  },
  ...PAGES.map((page) => ({
    name: `dapp ${page} page`,
    files: new RegExp(`^dapp/src/pages/${page}/`),
    layers: ["dapp lib", "dapp network", "dapp hooks", "dapp components"],
  })),
  {
    name: "dapp app",
    files: /^dapp\/src\/(app\/|main\.tsx|styles\.css)/,
    layers: ["dapp lib", "dapp network", "dapp hooks", "dapp components", ...PAGES.map((page) => `dapp ${page} page`)],
  },
  { name: "dapp", files: /^dapp\//, layers: [] },
  { name: "subgraph types", files: /^subgraph\/generated\//, layers: [], packages: ["@graphprotocol/graph-ts"] },
  {
    name: "subgraph",
    files: /^subgraph\/src\//,
    layers: ["subgraph types"],
    packages: ["@graphprotocol/graph-ts"],
  },
  { name: "models", files: /^models\//, layers: [] },
  {
    name: "examples",
    files: /^examples\//,
    layers: [],
    packages: [...SDK, "viem", "viem/*", "ethers", "openai", "node:*"],
  },
  { name: "ignition", files: /^ignition\//, layers: [], packages: ["@nomicfoundation/*"] },
  {
    name: "verification bench",
    files: /^scripts\/bench\/verification(\/|\.ts$)/,
    layers: ["scripts", "calibrate", "verify", "engine", "node common"],
  },
  {
    name: "cheats",
    files: /^scripts\/cheats\//,
    layers: ["verification bench", "node assembly", "http", "engine", "node common"],
  },
  {
    name: "live bench",
    files: /^scripts\/bench\/live(\/|\.ts$)/,
    layers: ["scripts", "node assembly", "http", "live", "engine", "node common"],
  },
  // The table of settings, from which their docs are generated, is common to the node.
  { name: "scripts", files: /^(scripts|bench)\//, layers: ["cheats", "ignition", "node common"] },
];
