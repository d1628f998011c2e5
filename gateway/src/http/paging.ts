import type { Request } from "express";
import { Refusal } from "../errors.ts";

/** Which page of a list, as OpenAI's clients ask for it. */
export interface Page {
  readonly limit: number;
  readonly after: string | undefined;
}

/** The query of a request: the app leaves it unparsed. */
export function queryOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, "http://gateway.invalid").searchParams;
}

/** Reads `limit` and `after`. */
export function pageOf(request: Request, { most, usual }: { readonly most: number; readonly usual: number }): Page {
  const query = queryOf(request);
  const limit = Number(query.get("limit") ?? usual);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new Refusal("invalid_value", `limit must be an integer from 1 to ${most}.`, { param: "limit" });
  }
  return { limit, after: query.get("after") ?? undefined };
}

/** OpenAI's list object, of one more entry than fits the page if there are more. */
export function listObject<T extends { readonly id: string }>(found: readonly T[], { limit }: Page) {
  const data = found.slice(0, limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  } as const;
}
