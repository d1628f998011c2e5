import { TouchstoneError } from "../errors.ts";
import { parseJson } from "../protocol/canonical.ts";
import type { Feed } from "./feed.ts";
import type { SsePiece } from "./sse.ts";

/** The other provider writes another text: what it goes on with would not fit. */
export class OtherTextError extends TouchstoneError {
  override readonly name = "OtherTextError";

  constructor() {
    super("Another provider began with another text.", { code: "TEXT_DIFFERS" });
  }
}

type Loose = Readonly<Record<string, unknown>>;

/**
 * A feed that goes on where another broke off: what the client has already is left out, if it is the very same, and chunks
 * have the first stream's name.
 *
 * @returns The feed; its `show` throws {@link OtherTextError} where the texts differ.
 */
export function continuationOf(next: Feed, broken: Feed): Feed {
  const { name } = broken;
  const { text } = broken.reader.received();
  const told = text.length > broken.told.length ? text : broken.told;
  let skipped = 0;
  const trim = (content: string): string => {
    const known = content.slice(0, told.length - skipped);
    if (!told.startsWith(known, skipped)) {
      throw new OtherTextError();
    }
    skipped += known.length;
    return content.slice(known.length);
  };
  const show = (piece: SsePiece): SsePiece | undefined => {
    const chunk = piece.kind === "event" ? (parseJson(piece.data) as Loose | undefined) : undefined;
    if (piece.kind !== "event" || chunk === undefined) {
      return piece;
    }
    const [choice] = (chunk.choices ?? []) as readonly Loose[];
    if (choice === undefined) {
      return { ...piece, data: JSON.stringify({ ...chunk, ...name }) };
    }
    const { role: _, content, ...delta } = (choice.delta ?? {}) as Loose;
    const rest = typeof content === "string" ? trim(content) : "";
    const isLast = (choice.finish_reason ?? null) !== null;
    if (isLast && skipped < told.length) {
      throw new OtherTextError();
    }
    if (rest === "" && !isLast) {
      return undefined;
    }
    const shown = { ...choice, delta: { ...delta, ...(rest !== "" && { content: rest }) } };
    return { ...piece, data: JSON.stringify({ ...chunk, ...name, choices: [shown] }) };
  };
  return { ...next, show, told, name };
}
