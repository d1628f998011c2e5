import type { RequestHandler } from "express";

const A_DAY = "86400";
const EXPOSED = "x-request-id, retry-after, payment-required, payment-response, touchstone-receipt";

/**
 * Lets pages of any origin read and post: everything here is public or signed, nothing goes by cookies. Answers
 * preflights itself.
 */
export const cors: RequestHandler = (request, response, next) => {
  response.set({
    "access-control-allow-origin": "*",
    "access-control-expose-headers": EXPOSED,
    "x-content-type-options": "nosniff",
  });
  if (request.method !== "OPTIONS") {
    next();
    return;
  }
  response.set({
    "access-control-allow-methods": "GET, HEAD, POST, DELETE",
    "access-control-allow-headers": request.get("access-control-request-headers") ?? "content-type, x-request-id",
    vary: "access-control-request-headers",
    "access-control-max-age": A_DAY,
  });
  response.status(204).end();
};
