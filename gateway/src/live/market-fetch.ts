import type { GatewayLimits, GatewayOptions } from "../options.ts";
import type { CreateFetch } from "./market.ts";

/** Not wired to the live lane yet: everything is refused as if nobody offered it. */
export function marketFetch(_options: GatewayOptions & GatewayLimits): {
  readonly createFetch: CreateFetch;
  close(): Promise<void>;
} {
  const body = JSON.stringify({
    error: { message: "The live lane is not wired yet.", type: "server_error", param: null, code: "NO_OFFER_FITS" },
  });
  const headers = { "content-type": "application/json" };
  return {
    createFetch: () => () => Promise.resolve(new Response(body, { status: 404, headers })),
    close: () => Promise.resolve(),
  };
}
