import { decodeKeptReceipt, type KeptReceipt } from "@touchstone/sdk";

/**
 * The receipts in a file of them, one JSON object a line, as `fileReceiptStore` and `encodeKeptReceipt` write it; of each the
 * last counts.
 *
 * @returns Nothing for a file of something else.
 * @throws InvalidDataError for a line of something else.
 */
export function readKeptReceipts(text: string): readonly KeptReceipt[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const values = lines.map(parseLine);
  const [first] = values;
  if (typeof first !== "object" || first === null || !("envelope" in first)) {
    return undefined;
  }
  const receipts = values.map(decodeKeptReceipt);
  return [...new Map(receipts.map((kept) => [kept.digest, kept])).values()];
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
