import type { RequestHandler } from "express";

const A_DAY = "86400";

/**
 * Lets pages of any origin read and post: everything here is public or signed, nothing goes by cookies. Answers
 * preflights itself.
 */
export const cors: RequestHandler = (request, response, next) => {
  response.set({
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-request-id, retry-after",
    "x-content-type-options": "nosniff",
  });
  if (request.method !== "OPTIONS") {
    next();
    return;
  }
  response.set({
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers": "content-type, x-request-id",
    "access-control-max-age": A_DAY,
  });
  response.status(204).end();
};
