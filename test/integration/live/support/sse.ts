/** One block of a stream of server-sent events. */
export interface SseBlock {
  readonly event?: string;
  readonly data?: string;
  readonly comment?: string;
}

/** All blocks of a whole stream, comments too. */
export async function eventsOf(response: Response): Promise<SseBlock[]> {
  const text = await response.text();
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map(blockOf);
}

function blockOf(block: string): SseBlock {
  const fields = block.split("\n").map((line) => {
    const [, name = "", value = ""] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    return [name === "" ? "comment" : name, value] as const;
  });
  return Object.fromEntries(fields);
}
