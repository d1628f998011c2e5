import { mkdir, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import type { Settings } from "../config.ts";
import { canRecheck, type Engine } from "../engine/engine.ts";
import { type EngineSettings, loadEngines } from "../engine/load.ts";
import { proveEngine } from "../engine/observe.ts";
import { isUpstreamReference, readUpstreamReference } from "../engine/openai-reference.ts";
import { NodeError } from "../errors.ts";
import { silentLogger } from "../logger.ts";
import { compareServer } from "../verify/served-model.ts";
import { type Finding, ok, problem, warning } from "./findings.ts";
import type { Host } from "./host.ts";
import { findRunning } from "./running.ts";

const GIB = 2 ** 30;
const TIMEOUT_MS = 10_000;
const COMPARE_TIMEOUT_MS = 600_000;

/** Whether the models load and each writes a token; of those behind servers also what buyers can rely on. */
export async function checkModels(settings: EngineSettings): Promise<Finding[]> {
  try {
    // One llama.cpp for all: a second one in a process writes its log to the terminal.
    const models = [...settings.models, ...settings.models.flatMap((model) => fileBehind(settings, model) ?? [])];
    const loaded = await loadEngines({ ...settings, models }, silentLogger);
    try {
      const findings: Finding[] = [];
      for (const engine of loaded.engines.slice(0, settings.models.length)) {
        await proveEngine(engine, AbortSignal.timeout(60_000));
        const { backend, device } = await engine.describe();
        findings.push(ok("model", `${engine.model.name} writes on ${device} (${backend})`));
        findings.push(...(await checkServer(engine, loaded.engines)));
      }
      return findings;
    } finally {
      await loaded.close();
    }
  } catch (error) {
    const message = error instanceof NodeError ? error.message : String(error);
    return [problem("model", message, "Put `models` and `gpu` right; see docs/config.md.")];
  }
}

/** The file by which a model behind a server is verified. */
function fileBehind({ upstreamHosts = [] }: EngineSettings, reference: string): string | undefined {
  const { model } = isUpstreamReference(reference) ? readUpstreamReference(reference, upstreamHosts) : {};
  return model === undefined ? undefined : `greedy:${model}`;
}

/** Whether a server writes what the file says that it is verified by. */
async function checkServer(engine: Engine, all: readonly Engine[]): Promise<Finding[]> {
  if (canRecheck(engine)) {
    return [];
  }
  const { name, id, verification } = engine.model;
  const own = all.find((other) => canRecheck(other) && other.model.id === id);
  if (verification === undefined || own === undefined) {
    const mend = "Nothing, if that is meant; or name the model's own file after = (see the node's readme).";
    return [warning("model", `nobody can verify what ${name} writes; buyers are shown that`, mend)];
  }
  const { isSame, margin, distance } = await compareServer(engine, own, AbortSignal.timeout(COMPARE_TIMEOUT_MS));
  const numbers = `margin ${margin.toFixed(4)}, distance ${distance.toFixed(4)}`;
  const mend = "Serve the very same file, with flash attention, on the class of machine that its manifest names.";
  return isSame
    ? [ok("model", `${name}: the server writes what its file does, as judges see it (${numbers})`)]
    : [problem("model", `${name}: the server writes otherwise than its file (${numbers})`, mend)];
}

/** Whether there is room for inputs and outputs. */
export async function checkDisk({ dataDir, minFreeDiskBytes, maxStoreBytes }: Settings): Promise<Finding> {
  try {
    await mkdir(dataDir, { recursive: true });
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const size = `${(free / GIB).toFixed(1)} GiB free in ${dataDir}`;
    if (free < minFreeDiskBytes) {
      return problem(
        "disk",
        size,
        "Free some space, move `dataDir`, or lower `minFreeDiskBytes`: no work is accepted so.",
      );
    }
    const isRoomy = free >= minFreeDiskBytes + maxStoreBytes;
    return isRoomy
      ? ok("disk", size)
      : warning("disk", size, "`maxStoreBytes` is more than that: the node will stop accepting before.");
  } catch (error) {
    return problem(
      "disk",
      `${dataDir} cannot be used: ${String(error)}`,
      "Make it writable, or set another `dataDir`.",
    );
  }
}

/** Whether the port is free, or taken by this very node. */
export async function checkPort(host: Host, settings: Settings): Promise<Finding> {
  const running = await findRunning(host, settings);
  if (running !== undefined) {
    return ok("port", `the node runs at ${running.url}`);
  }
  const where = `${settings.host}, port ${settings.port}`;
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(settings.port, settings.host, () => probe.close(() => resolve(true)));
  });
  return isFree
    ? ok("port", `${where} is free`)
    : problem("port", `${where} cannot be listened on`, "Set another `port` or `host`.");
}

/** Whether buyers can reach the node: asked of the address that the card gives. */
export async function checkPublicUrl(host: Host, settings: Settings): Promise<Finding> {
  const { publicUrl } = settings;
  if (publicUrl === undefined) {
    return warning(
      "public url",
      "none is set: the card gives a local address",
      "Set `publicUrl` to where buyers reach this node.",
    );
  }
  const isRunning = (await findRunning(host, settings)) !== undefined;
  const answer = await fetch(`${publicUrl}/version`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  );
  const body = (await answer?.json().catch(() => undefined)) as { name?: unknown } | undefined;
  if (body?.name === "@touchstone/node") {
    return ok("public url", `a node answers at ${publicUrl}`);
  }
  return isRunning
    ? problem("public url", `no node answers at ${publicUrl}`, "Forward it to `host` and `port` of this node.")
    : warning("public url", `no node answers at ${publicUrl}`, "Start the node and ask again.");
}
