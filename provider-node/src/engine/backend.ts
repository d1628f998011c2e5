import type { Llama, LlamaLogLevel } from "node-llama-cpp";
import { NodeError } from "../errors.ts";
import { type Logger, silentLogger } from "../logger.ts";

/** What runs the models; `auto` takes the best that is installed and works. */
export type Gpu = "auto" | "cpu" | "cuda" | "metal" | "vulkan";

/**
 * Starts llama.cpp from the binaries that npm installed; it never builds or downloads.
 *
 * @throws NodeError `ENGINE_UNAVAILABLE` if the backend is not installed or does not work on this machine.
 */
export async function startBackend({ gpu, logger }: { readonly gpu: Gpu; readonly logger: Logger }): Promise<Llama> {
  const { getLlama, LlamaLogLevel, NoBinaryFoundError } = await import("node-llama-cpp"); // A second to load.
  try {
    return await getLlama({
      build: "never",
      skipDownload: true,
      progressLogs: false,
      gpu: gpu === "cpu" ? false : gpu,
      maxThreads: 0, // Contexts take the threads they are given: the number must not depend on who else runs.
      // Where nobody listens llama.cpp must be quiet itself: a second backend of a process would write to the terminal.
      logLevel: logger === silentLogger ? LlamaLogLevel.disabled : LlamaLogLevel.debug,
      logger: (level, message) => log(logger, level, message.trimEnd()),
    });
  } catch (error) {
    const mend =
      gpu === "auto" || gpu === "cpu"
        ? "Install the package @node-llama-cpp for this platform again."
        : `Install the ${gpu} package of @node-llama-cpp (see the README), or set \`gpu\` to \`auto\`.`;
    const reason = error instanceof NoBinaryFoundError ? "is not installed or does not work here" : "did not start";
    throw new NodeError("ENGINE_UNAVAILABLE", `llama.cpp for \`${gpu}\` ${reason}. ${mend}`, {
      cause: error,
      details: { gpu },
    });
  }
}

function log(logger: Logger, level: LlamaLogLevel, message: string): void {
  const known = level === "fatal" ? "error" : level === "error" || level === "warn" ? level : "debug";
  logger[known]("llama.cpp", { message });
}
