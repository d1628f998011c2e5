import type { Request, RequestHandler, Response } from "express";
import { Refusal } from "../errors.ts";
import { MinuteWindows } from "../keys/minute-windows.ts";
import type { ApiKey, Keys } from "../store/keys.ts";

/** The key of a request that {@link authenticate} let through. */
export function keyOf(response: Response): ApiKey {
  return response.locals.key as ApiKey;
}

/** What a request says its key is: `authorization: Bearer ...`. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +([!-~]{1,256})$/i.exec(request.get("authorization") ?? "")?.[1];
}

/** Lets requests with a key through, as many a minute as the key allows. */
export function authenticate(keys: Keys, now: () => number): RequestHandler {
  const windows = new MinuteWindows();
  return (request, response, next) => {
    const given = bearerOf(request);
    const key = given === undefined ? undefined : keys.find(given);
    if (key === undefined) {
      throw new Refusal("invalid_api_key", "Incorrect or missing API key. `touchstone gateway keys add` makes one.");
    }
    response.locals.key = key;
    const { isAllowed, left, secondsLeft } = windows.take(key.id, key.requestsPerMinute, now());
    response.set({
      "x-ratelimit-limit-requests": String(key.requestsPerMinute),
      "x-ratelimit-remaining-requests": String(left),
      "x-ratelimit-reset-requests": `${secondsLeft}s`,
    });
    if (!isAllowed) {
      const sentence = `Rate limit reached: this key may send ${key.requestsPerMinute} requests a minute.`;
      throw new Refusal("rate_limit_exceeded", sentence, { retryAfter: secondsLeft });
    }
    next();
  };
}
