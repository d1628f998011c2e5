import type { Request } from "express";
import { type Hex, isHash } from "viem";

const BEARER = /^Bearer (0x[0-9a-f]{64})$/;

/** The token by which somebody may see what was sealed, if the request has one. */
export function bearerOf(request: Request): Hex | undefined {
  const [, token = ""] = BEARER.exec(request.get("authorization") ?? "") ?? [];
  return isHash(token) ? token : undefined;
}
