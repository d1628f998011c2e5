import { DoubleReceiptProven, ReceiptBrought } from "../generated/Court/Court";
import { DoubleReceipt, Receipt } from "../generated/schema";
import { knowAccount } from "./accounts";
import { loadModel } from "./models";
import { marketOfCourt } from "./overview";
import { loadProvider } from "./providers";
import { idOf } from "./steps";

export function handleReceiptBrought(event: ReceiptBrought): void {
  const told = event.params.receipt;
  const market = marketOfCourt(event);
  const provider = loadProvider(told.provider, market);
  provider.receipts += 1;
  provider.save();
  market.receipts += 1;
  market.save();
  loadModel(told.model).save();

  const receipt = new Receipt(event.params.job);
  receipt.provider = knowAccount(told.provider);
  receipt.payer = knowAccount(told.payer);
  receipt.channelId = told.channelId;
  receipt.seq = told.seq;
  receipt.model = told.model;
  receipt.amount = told.amount;
  receipt.cumulative = told.cumulative;
  receipt.promptTokens = told.promptTokens;
  receipt.completionTokens = told.completionTokens;
  receipt.issuedAt = told.issuedAt;
  receipt.operator = event.params.operator;
  receipt.broughtAt = event.block.timestamp;
  receipt.save();
}

export function handleDoubleReceiptProven(event: DoubleReceiptProven): void {
  const market = marketOfCourt(event);
  const provider = loadProvider(event.params.provider, market);
  provider.doubleReceipts += 1;
  provider.save();
  market.save();

  const proof = new DoubleReceipt(idOf(event));
  proof.provider = event.params.provider;
  proof.payer = knowAccount(event.params.payer);
  proof.channelId = event.params.channelId;
  proof.seq = event.params.seq;
  proof.slashed = event.params.slashed;
  proof.provenAt = event.block.timestamp;
  proof.save();
}
