// Until ReceiptLib's type strings are generated.

export const receiptTypes = {
  Receipt: [
    { name: "provider", type: "address" },
    { name: "payer", type: "address" },
    { name: "model", type: "bytes32" },
    { name: "channelId", type: "bytes32" },
    { name: "seq", type: "uint64" },
    { name: "cumulative", type: "uint64" },
    { name: "requestHash", type: "bytes32" },
    { name: "resultRoot", type: "bytes32" },
    { name: "promptTokens", type: "uint32" },
    { name: "completionTokens", type: "uint32" },
    { name: "amount", type: "uint64" },
    { name: "issuedAt", type: "uint40" },
  ],
} as const;

export const callTypes = {
  Call: [
    { name: "channelId", type: "bytes32" },
    { name: "seq", type: "uint64" },
  ],
} as const;
