import { z } from "zod";

const MAX_ERROR_BYTES = 64 * 1024;

const errorSchema = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });

/** What an answer that is an error says of itself. */
export interface AnswerError {
  readonly status: number;
  /** Empty where it names none. */
  readonly code: string;
  readonly message: string;
}

/** Reads an answer that is an error; an answer that is none comes back untouched. Its body can be read again either way. */
export async function readError(
  response: Response,
): Promise<{ readonly error: AnswerError | undefined; readonly response: Response }> {
  if (response.ok) {
    return { error: undefined, response };
  }
  const { status, headers } = response;
  const text = (await response.text()).slice(0, MAX_ERROR_BYTES);
  const again = new Response(text, { status, headers });
  return { error: { status, ...parseError(text) }, response: again };
}

function parseError(text: string): Omit<AnswerError, "status"> {
  try {
    const { error } = errorSchema.parse(JSON.parse(text));
    return { code: error.code ?? "", message: error.message };
  } catch {
    return { code: "", message: "" };
  }
}
