// The public surface of `@touchstone/sdk`.
export * from "./protocol/index.ts";
