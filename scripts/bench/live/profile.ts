import type { Profiler } from "node:inspector";
import { rounded } from "./statistics.ts";

/** What V8's sampling profiler says. */
export type Profile = Profiler.Profile;

/** Where the CPU goes in a paid call. */
export const STEPS = [
  "read body and parse",
  "count tokens",
  "check voucher",
  "hold",
  "generate",
  "charge and receipt",
  "sign receipt",
  "durable write",
  "write answer",
  "http server and routing",
  "garbage collection",
  "other",
] as const;
export type Step = (typeof STEPS)[number];

/** A step is known by a function, a file, or both: of all frames of a sample, the one nearest to the work decides. */
interface Sign {
  readonly step: Step;
  /** The end of the file's path, without its extension. */
  readonly file?: string;
  readonly functions?: readonly string[];
}

const SIGNS: readonly Sign[] = [
  { step: "garbage collection", functions: ["(garbage collector)"] },
  { step: "sign receipt", file: "live/receipts", functions: ["sign"] },
  { step: "charge and receipt", file: "live/receipts" },
  { step: "durable write", file: "store/database" },
  { step: "durable write", file: "store/calls", functions: ["add", "keep", "setSignature", "serialize"] },
  { step: "durable write", file: "store/channels", functions: ["put", "toTable"] },
  { step: "charge and receipt", file: "live/call" },
  { step: "charge and receipt", file: "live/lane" },
  { step: "charge and receipt", file: "live/offers", functions: ["paymentResponse", "channelState"] },
  { step: "check voucher", file: "live/payment" },
  { step: "check voucher", file: "live/signer" },
  { step: "hold", file: "live/local-desk" },
  { step: "hold", file: "live/ledger" },
  { step: "hold", file: "live/account" },
  { step: "hold", file: "openai/queue" },
  { step: "generate", file: "live/instant-engine", functions: ["generate"] },
  { step: "count tokens", file: "live/instant-engine" },
  { step: "count tokens", file: "openai/sale", functions: ["measure"] },
  { step: "read body and parse", file: "openai/body" },
  { step: "read body and parse", file: "http/body" },
  { step: "read body and parse", file: "openai/wishes" },
  { step: "read body and parse", file: "protocol/request" },
  { step: "read body and parse", file: "raw-body/index" },
  { step: "read body and parse", file: "lib/types/raw" },
  { step: "write answer", file: "openai/stream" },
  { step: "write answer", file: "openai/chat" },
  { step: "write answer", file: "openai/face" },
  { step: "write answer", file: "protocol/completion" },
  { step: "write answer", file: "protocol/receipt-envelope" },
  { step: "write answer", file: "openai/sale", functions: ["receiptHeaders", "receiptEvent", "fullEnvelope"] },
  { step: "write answer", file: "express/lib/response" },
  { step: "http server and routing", file: "express/lib/application" },
  { step: "http server and routing", file: "router/index" },
  { step: "http server and routing", file: "src/http/app" },
  { step: "http server and routing", file: "openai/limits" },
  { step: "http server and routing", file: "openai/reader" },
  { step: "http server and routing", file: "openai/sale" },
  { step: "http server and routing", file: "_http_server" },
  { step: "http server and routing", file: "_http_incoming" },
  { step: "http server and routing", file: "_http_outgoing" },
  { step: "http server and routing", file: "_http_common" },
  { step: "http server and routing", file: "net" },
  { step: "http server and routing", file: "stream_base_commons" },
];

const IDLE = new Set(["(idle)"]);

/** The share of busy time that each step takes, 0 to 1, from a profile. */
export function splitOf({ nodes, samples = [], timeDeltas = [] }: Profile): Record<Step, number> {
  const stepOfNode = stepsOf(nodes);
  const micros = new Map<Step, number>();
  samples.forEach((id, index) => {
    const step = stepOfNode.get(id);
    if (step !== undefined) {
      micros.set(step, (micros.get(step) ?? 0) + (timeDeltas[index] ?? 0));
    }
  });
  const busy = [...micros.values()].reduce((sum, one) => sum + one, 0);
  const shares = STEPS.map((step) => [step, rounded((micros.get(step) ?? 0) / busy)] as const);
  return Object.fromEntries(shares) as Record<Step, number>;
}

/** Nodes by their ids with the step that they belong to; those of idle time are left out. */
function stepsOf(nodes: Profile["nodes"]): ReadonlyMap<number, Step> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps = new Map<number, Step>();
  const visit = (node: Profile["nodes"][number], inherited: Step): void => {
    const { functionName, url } = node.callFrame;
    if (IDLE.has(functionName)) {
      return;
    }
    const step = stepOf(functionName, url) ?? inherited;
    steps.set(node.id, step);
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      next !== undefined && visit(next, step);
    }
  };
  const [root] = nodes;
  root !== undefined && visit(root, "other");
  return steps;
}

function stepOf(functionName: string, url: string): Step | undefined {
  const file = url.replace(/\.[cm]?[jt]s$/, "").replace(/^node:(internal\/)?/, "/");
  const name = functionName.replace(/^(get |async )/, "").replace(/^#/, "");
  return SIGNS.find((sign) => {
    const isFile = sign.file === undefined || file.endsWith(`/${sign.file}`);
    return isFile && (sign.functions === undefined || sign.functions.includes(name));
  })?.step;
}
