/** Deeper than any request of ours nests; a parser or a schema that recurses must not be led further. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x7b, 0x5b];
const CLOSING = [0x7d, 0x5d];

/** How deep JSON nests, read from its bytes without parsing it. */
export function jsonDepth(json: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0;
    if (isInText) {
      index += byte === BACKSLASH ? 1 : 0;
      isInText = byte !== QUOTE;
    } else if (byte === QUOTE) {
      isInText = true;
    } else if (OPENING.includes(byte)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (CLOSING.includes(byte)) {
      depth -= 1;
    }
  }
  return deepest;
}
