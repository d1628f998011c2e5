import { caseId } from "../../protocol/case.ts";
import type { Handlers } from "./events.ts";
import { modelOf, providerOf } from "./rows.ts";

/** Receipts before the court. Mirrors `Receipts`. */
export const receiptHandlers = {
  ReceiptBrought(state, { job, receipt, operator }, place) {
    const { resultRoot: _, requestHash: __, ...told } = receipt;
    providerOf(state, told.provider, place).receipts += 1;
    state.market.receipts += 1;
    modelOf(state, told.model);
    // a receipt has one case, with key 0, which opens with it
    const row = { job, ...told, operator, broughtAt: place.timestamp, case: caseId({ job, key: 0n }) };
    state.receipts.editOr(job, () => row);
  },
  DoubleReceiptProven(state, { provider }, place) {
    providerOf(state, provider, place).doubleReceipts += 1;
  },
} satisfies Partial<Handlers>;
