import type { RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import { HttpError } from "./errors.ts";

/** Bounds how many requests with a body one address may send a minute. */
export function limitPosts(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    skip: (request) => request.method !== "POST",
    validate: { trustProxy: false },
    handler: () => {
      throw new HttpError("RATE_LIMITED", "Too many requests from this address. Wait a minute.");
    },
  });
}
