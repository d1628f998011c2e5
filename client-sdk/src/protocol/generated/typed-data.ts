// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.

/** EIP-712: `Call(bytes32 channelId,uint64 seq)`. */
export const callTypes = {
  Call: [
    { name: "channelId", type: "bytes32" },
    { name: "seq", type: "uint64" },
  ],
} as const;

/** EIP-712: `ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)`. */
export const channelConfigTypes = {
  ChannelConfig: [
    { name: "payer", type: "address" },
    { name: "payerAuthorizer", type: "address" },
    { name: "receiver", type: "address" },
    { name: "receiverAuthorizer", type: "address" },
    { name: "token", type: "address" },
    { name: "withdrawDelay", type: "uint40" },
    { name: "salt", type: "bytes32" },
  ],
} as const;

/** EIP-712: `ClaimBatch(ClaimEntry[] claims)ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)`. */
export const claimBatchTypes = {
  ClaimBatch: [
    { name: "claims", type: "ClaimEntry[]" },
  ],
  ClaimEntry: [
    { name: "channelId", type: "bytes32" },
    { name: "maxClaimableAmount", type: "uint128" },
    { name: "totalClaimed", type: "uint128" },
  ],
} as const;

/** EIP-712: `ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)`. */
export const claimEntryTypes = {
  ClaimEntry: [
    { name: "channelId", type: "bytes32" },
    { name: "maxClaimableAmount", type: "uint128" },
    { name: "totalClaimed", type: "uint128" },
  ],
} as const;

/** EIP-712: `Commitment(address court,bytes32 caseId,uint256 position,uint32 seat,bytes32 word,bytes32 salt)`. */
export const commitmentTypes = {
  Commitment: [
    { name: "court", type: "address" },
    { name: "caseId", type: "bytes32" },
    { name: "position", type: "uint256" },
    { name: "seat", type: "uint32" },
    { name: "word", type: "bytes32" },
    { name: "salt", type: "bytes32" },
  ],
} as const;

/** EIP-712: `InputLeaf(uint256 index,bytes32 requestHash)`. */
export const inputLeafTypes = {
  InputLeaf: [
    { name: "index", type: "uint256" },
    { name: "requestHash", type: "bytes32" },
  ],
} as const;

/** EIP-712: `JobSpec(address client,address provider,bytes32 model,bytes32 input,uint32 items,uint64 price,uint40 acceptBy,uint32 submitWithin,uint32 challengeWindow,uint8 flags,address callback,uint32 callbackGas,bytes32 salt)`. */
export const jobSpecTypes = {
  JobSpec: [
    { name: "client", type: "address" },
    { name: "provider", type: "address" },
    { name: "model", type: "bytes32" },
    { name: "input", type: "bytes32" },
    { name: "items", type: "uint32" },
    { name: "price", type: "uint64" },
    { name: "acceptBy", type: "uint40" },
    { name: "submitWithin", type: "uint32" },
    { name: "challengeWindow", type: "uint32" },
    { name: "flags", type: "uint8" },
    { name: "callback", type: "address" },
    { name: "callbackGas", type: "uint32" },
    { name: "salt", type: "bytes32" },
  ],
} as const;

/** EIP-712 domain of `Market`; chain id and address come from the deployment. */
export const marketDomain = { name: "Touchstone Market", version: "1" } as const;

/** EIP-712: `Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)`. */
export const permitTypes = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** EIP-712: `Quote(bytes32 job,uint40 validUntil)`. */
export const quoteTypes = {
  Quote: [
    { name: "job", type: "bytes32" },
    { name: "validUntil", type: "uint40" },
  ],
} as const;

/** EIP-712: `Receipt(address provider,address payer,bytes32 model,bytes32 channelId,uint64 seq,uint64 cumulative,bytes32 requestHash,bytes32 resultRoot,uint32 promptTokens,uint32 completionTokens,uint64 amount,uint40 issuedAt)`. */
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

/** EIP-712: `ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)`. */
export const receiveWithAuthorizationTypes = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

/** EIP-712: `Refund(bytes32 channelId,uint256 nonce,uint128 amount)`. */
export const refundTypes = {
  Refund: [
    { name: "channelId", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "amount", type: "uint128" },
  ],
} as const;

/** EIP-712: `ResultLeaf(bytes32 job,address provider,uint256 index,bytes32 outputHash,bytes32 traceRoot)`. */
export const resultLeafTypes = {
  ResultLeaf: [
    { name: "job", type: "bytes32" },
    { name: "provider", type: "address" },
    { name: "index", type: "uint256" },
    { name: "outputHash", type: "bytes32" },
    { name: "traceRoot", type: "bytes32" },
  ],
} as const;

/** EIP-712: `TraceLeaf(uint256 chunk,bytes32 chunkHash)`. */
export const traceLeafTypes = {
  TraceLeaf: [
    { name: "chunk", type: "uint256" },
    { name: "chunkHash", type: "bytes32" },
  ],
} as const;

/** EIP-712: `TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)`. */
export const transferWithAuthorizationTypes = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

/** EIP-712: `Voucher(bytes32 channelId,uint128 maxClaimableAmount)`. */
export const voucherTypes = {
  Voucher: [
    { name: "channelId", type: "bytes32" },
    { name: "maxClaimableAmount", type: "uint128" },
  ],
} as const;
