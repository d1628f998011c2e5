import { ChatAssembler, receivedOutput } from "../protocol/assembler.ts";
import { parseJson } from "../protocol/canonical.ts";
import { decodeVector, embeddingOutput } from "../protocol/embedding.ts";
import type { FinishReason, ToolCall } from "../protocol/output.ts";
import {
  decodeEnvelope,
  decodeEnvelopeHeader,
  RECEIPT_EVENT,
  type ReceiptEnvelope,
} from "../protocol/receipt-envelope.ts";
import type { LiveRoute } from "./live-call.ts";
import type { SsePiece } from "./sse.ts";

/** What came of an answer, as far as its receipt speaks of it. */
export interface ReceivedAnswer {
  readonly text: string;
  readonly finishReason: FinishReason | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly tokens: readonly number[] | undefined;
  readonly receipt: ReceiptEnvelope | undefined;
  /** What the provider gave up with, after the answer had begun. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** Whether the answer came to its end. */
  readonly isDone: boolean;
}

/** Puts an answer together from what passes by. */
export interface AnswerReader {
  /**
   * Takes a piece of a stream.
   *
   * @returns The text that it brought.
   * @throws InvalidDataError for what is no part of an answer.
   */
  takePiece(piece: SsePiece): string;
  /** Takes a whole answer, parsed. */
  takeBody(body: unknown): void;
  takeReceipt(envelope: ReceiptEnvelope): void;
  received(): ReceivedAnswer;
}

/** The reader of a route's answers. */
export function answerReader(route: LiveRoute): AnswerReader {
  switch (route) {
    case "chat":
      return chatReader();
    case "responses":
      return responsesReader();
    case "embeddings":
      return embeddingsReader();
  }
}

/** Whether a piece is the provider's receipt, which is for us and not for the client. */
export function isReceipt(piece: SsePiece): boolean {
  return piece.kind === "event" ? piece.event === RECEIPT_EVENT : piece.text.startsWith("touchstone-receipt ");
}

function chatReader(): AnswerReader {
  const assembler = new ChatAssembler();
  return {
    takePiece(piece) {
      if (piece.kind === "event") {
        return assembler.takeEvent(piece);
      }
      assembler.takeComment(piece.text);
      return "";
    },
    takeBody: (body) => void assembler.take(body),
    takeReceipt: (envelope) => assembler.takeReceipt(envelope),
    received: () => assembler.received(),
  };
}

type Loose = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Loose => typeof value === "object" && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Reads the Responses API: text deltas, and the `response` object at the end. */
function responsesReader(): AnswerReader {
  let text = "";
  let tokens: readonly number[] | undefined;
  let receipt: ReceiptEnvelope | undefined;
  let finishReason: FinishReason | undefined;
  let error: ReceivedAnswer["error"];
  const takeReceipt = (envelope: ReceiptEnvelope) => {
    receipt = envelope;
    tokens = envelope.tokens ?? tokens;
  };
  const takeEnd = (response: unknown) => {
    if (isObject(response) && isObject(response.error)) {
      const { code, message } = response.error;
      error = { code: String(code ?? "unknown"), message: String(message ?? "") };
    } else if (isObject(response)) {
      finishReason = response.status === "incomplete" ? "length" : "stop";
    }
  };
  const takeEvent = (value: unknown): string => {
    const event = isObject(value) ? value : {};
    const { type, delta } = event;
    if (type === "response.output_text.delta" && typeof delta === "string") {
      text += delta;
      return delta;
    }
    if (type === "response.completed" || type === "response.incomplete" || type === "response.failed") {
      takeEnd(event.response);
    }
    if (type === "error") {
      takeEnd({ error: isObject(event.error) ? event.error : event });
    }
    return "";
  };
  return {
    takePiece(piece) {
      if (isReceipt(piece)) {
        const header = piece.kind === "comment" ? piece.text.slice(piece.text.indexOf(" ") + 1) : "";
        takeReceipt(piece.kind === "event" ? decodeEnvelope(piece.data) : decodeEnvelopeHeader(header));
        return "";
      }
      return piece.kind === "event" ? takeEvent(parseJson(piece.data)) : "";
    },
    takeBody(body) {
      takeEnd(body);
      const parts = listOf(isObject(body) ? body.output : undefined).flatMap((item) =>
        listOf(isObject(item) ? item.content : undefined),
      );
      text = parts.map((part) => (isObject(part) && typeof part.text === "string" ? part.text : "")).join("");
      const extra = isObject(body) && isObject(body.touchstone) ? body.touchstone.tokens : undefined;
      tokens = Array.isArray(extra) ? (extra as readonly number[]) : tokens;
    },
    takeReceipt,
    received() {
      const isDone = finishReason !== undefined || error !== undefined;
      return { text, finishReason, toolCalls: [], tokens, receipt, error, isDone };
    },
  };
}

/** Reads embeddings: their text is that of the output which stands for them. */
function embeddingsReader(): AnswerReader {
  let text = "";
  let isDone = false;
  let receipt: ReceiptEnvelope | undefined;
  return {
    takePiece: () => "",
    takeBody(body) {
      const vectors = listOf(isObject(body) ? body.data : undefined).map((entry) =>
        decodeVector(isObject(entry) ? entry.embedding : undefined),
      );
      text = receivedOutput(embeddingOutput(vectors, 0), 0).text;
      isDone = true;
    },
    takeReceipt(envelope) {
      receipt = envelope;
    },
    received() {
      return { text, finishReason: "stop", toolCalls: [], tokens: [], receipt, error: undefined, isDone };
    },
  };
}
