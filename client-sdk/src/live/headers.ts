/** Request headers for the fetch itself; they are not sent on. */
export const MAX_PRICE_HEADER = "touchstone-max-price";
export const CALL_ID_HEADER = "touchstone-call-id";

/** Response headers that say who answered, and which model. */
export const PROVIDER_HEADER = "touchstone-provider";
export const MODEL_HEADER = "touchstone-model";
