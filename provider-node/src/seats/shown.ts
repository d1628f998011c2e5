import { type Answer, TRACE_CHUNK_ENTRIES, TRACE_ENTRY_BYTES, traceRoot } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { concatBytes, hexToBytes } from "viem/utils";
import type { SeatContext } from "./context.ts";
import type { Exhibit } from "./machine.ts";
import { type Fetching, traceBytes } from "./remote.ts";

const CHUNK_BYTES = TRACE_CHUNK_ENTRIES * TRACE_ENTRY_BYTES;

/** What of an item was shown on chain. */
export type Shown =
  /** Nothing. */
  | undefined
  /** All of it. */
  | { readonly exhibit: Exhibit }
  /** All but the trace from this chunk on. */
  | { readonly nextChunk: number };

/** Puts together what answers to demands have shown of an item. The court has held every byte against the roots. */
export async function gatherShown(context: SeatContext, fetching: Fetching, index: number): Promise<Shown> {
  const answers = await answersOf(context, fetching, index);
  const [first] = answers;
  if (first === undefined) {
    return undefined;
  }
  const trace = concatBytes(answers.map((answer) => hexToBytes(answer.trace)));
  const isWhole = traceRoot(trace) === first.traceRoot;
  const last = hexToBytes(answers.at(-1)?.trace ?? "0x");
  // A trace that goes on where no rightful one does is at its end for us: the check finds the fault.
  const goesOn = !isWhole && last.length === CHUNK_BYTES && trace.length <= traceBytes(fetching.contextLength);
  if (goesOn) {
    return { nextChunk: answers.length };
  }
  return { exhibit: await keep(fetching, index, first, trace) };
}

/** The answers about an item, chunk by chunk from the first, as far as there are any. */
async function answersOf(context: SeatContext, { file }: Fetching, item: number): Promise<Answer[]> {
  const { id: job, history } = file.dossier;
  const answers: Answer[] = [];
  for (;;) {
    const chunk = answers.length;
    const fact = history.findLast((one) => one.name === "answered" && one.item === item && one.chunk === chunk);
    const answer = fact && (await context.court.answerIn(fact.block, { job, item, chunk }));
    const isBeyond = answer !== undefined && Number(answer.traceChunk) < chunk; // The last chunk again: there is no such one.
    if (answer === undefined || isBeyond) {
      return answers;
    }
    answers.push(answer);
  }
}

async function keep({ evidence }: Fetching, index: number, answer: Answer, trace: Uint8Array): Promise<Exhibit> {
  const put = (hex: Hex) => evidence.put(hexToBytes(hex));
  return {
    index,
    request: await put(answer.request),
    output: await put(answer.output),
    trace: await evidence.put(trace),
    traceRoot: answer.traceRoot,
  };
}
