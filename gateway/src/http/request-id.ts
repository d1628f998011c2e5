import { randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";

const HEADER = "x-request-id";
const ACCEPTABLE = /^[\w-]{1,64}$/;

/** Gives every answer an `x-request-id`: the caller's, where it is short and plain, else a new one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get(HEADER);
  response.set(HEADER, given !== undefined && ACCEPTABLE.test(given) ? given : randomUUID());
  response.set("x-content-type-options", "nosniff");
  next();
};

/** The id of the request that is being answered. */
export function requestIdOf(response: Response): string {
  return String(response.get(HEADER));
}
