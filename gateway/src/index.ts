// The public surface of `@touchstone/gateway`.
export { GatewayError, type GatewayErrorCode } from "./errors.ts";
export { type RunningGateway, startGateway } from "./gateway.ts";
export type { LogData, Logger } from "./logger.ts";
export {
  type CallPolicy,
  type FallbackOptions,
  GATEWAY_DEFAULTS,
  type GatewayLimits,
  type GatewayOptions,
  type GatewayRequired,
} from "./options.ts";
export type { ApiKey, KeyLimits, Keys } from "./store/keys.ts";
export { type OpenKeys, openKeys } from "./store/store.ts";
export { VERSION } from "./version.ts";
