// What x402 calls what is wrong with a payment, in the `error` of a 402: stock clients act on some of these names.

export const X402_ERRORS = {
  PAYMENT_REQUIRED: "PAYMENT-SIGNATURE header is required",
  PAYMENT_INVALID: "invalid_payload",
  PAYMENT_NETWORK: "invalid_network",
  PAYMENT_CHANNEL: "invalid_batch_settlement_evm_channel_id_mismatch",
  PAYMENT_RECEIVER: "invalid_batch_settlement_evm_receiver_mismatch",
  PAYMENT_AUTHORIZER: "invalid_batch_settlement_evm_receiver_authorizer_mismatch",
  PAYMENT_TOKEN: "invalid_batch_settlement_evm_token_mismatch",
  PAYMENT_DELAY: "invalid_batch_settlement_evm_withdraw_delay_mismatch",
  PAYMENT_SIGNATURE: "invalid_batch_settlement_evm_voucher_signature",
  /** Clients that see this one take their channel's state from the answer and pay again. */
  PAYMENT_TOO_LOW: "invalid_batch_settlement_evm_cumulative_amount_mismatch",
  PAYMENT_USED: "invalid_batch_settlement_evm_cumulative_amount_mismatch",
  CHANNEL_BUSY: "invalid_batch_settlement_evm_channel_busy",
  CHANNEL_LEAVING: "invalid_batch_settlement_evm_insufficient_balance",
  DEPOSIT_TOO_LOW: "invalid_batch_settlement_evm_deposit_below_min_deposit",
  DEPOSIT_EXPIRED: "invalid_batch_settlement_evm_payload_authorization_valid_before",
  DEPOSIT_REFUSED: "invalid_batch_settlement_evm_deposit_transaction_failed",
  REFUND_EMPTY: "invalid_batch_settlement_evm_refund_no_balance",
  REFUND_AMOUNT: "invalid_batch_settlement_evm_refund_amount_invalid",
  REFUND_REFUSED: "invalid_batch_settlement_evm_refund_transaction_failed",
  EXACT_RECIPIENT: "invalid_exact_evm_recipient_mismatch",
  EXACT_VALUE: "invalid_exact_evm_authorization_value",
  EXACT_TIME: "invalid_exact_evm_payload_authorization_valid_before",
  EXACT_SIGNATURE: "invalid_exact_evm_signature",
  EXACT_REFUSED: "invalid_exact_evm_transaction_failed",
} as const;

/** What is wrong with a payment. */
export type PaymentFault = keyof typeof X402_ERRORS;
