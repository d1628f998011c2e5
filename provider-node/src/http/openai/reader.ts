import type { Response } from "express";

/** Why a generation is ended early. */
export type CutReason = "left" | "stalled" | "time" | "stopped";

/** Watches over who waits for an answer, and over how long the answer takes. */
export interface Reader {
  /** Aborts when the generation is to end early. */
  readonly cut: AbortSignal;
  /** Why it aborted. */
  readonly reason: CutReason | undefined;
  /** Ends the generation: the reader takes nothing any more. */
  stall(): void;
  /** Starts the time that a call may take. */
  startTimer(ms: number): void;
  /** Stops watching. */
  done(): void;
}

/** @param stop Ends the generation because the node stops. */
export function watchReader(response: Response, stop: AbortSignal): Reader {
  const controller = new AbortController();
  let reason: CutReason | undefined;
  let timer: NodeJS.Timeout | undefined;
  const cut = (why: CutReason) => {
    reason ??= why;
    controller.abort(why === "stopped" ? stop.reason : new Error(`The call is cut: ${why}.`));
  };
  const onClose = () => cut("left");
  const onStop = () => cut("stopped");
  if (stop.aborted) {
    onStop();
  }
  stop.addEventListener("abort", onStop);
  if (response.closed) {
    onClose();
  }
  response.once("close", onClose);
  return {
    cut: controller.signal,
    get reason() {
      return reason;
    },
    stall: () => cut("stalled"),
    startTimer: (ms) => {
      timer = setTimeout(() => cut("time"), ms);
    },
    done: () => {
      clearTimeout(timer);
      response.off("close", onClose);
      stop.removeEventListener("abort", onStop); // It outlives every call.
    },
  };
}
