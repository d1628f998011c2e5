import { BigInt } from "@graphprotocol/graph-ts";
import { CaseAppealed, CaseClosed, CaseOpened, CasePinned, CaseSeated } from "../generated/Court/Court";
import { Case, Job, Provider, Receipt } from "../generated/schema";
import { knowAccount } from "./accounts";
import { addCaseSeat } from "./case-seats";
import { marketOfCourt } from "./overview";
import { FIRST_TIER_SEATS, VERDICT } from "./protocol";
import { addCasePoint } from "./statistics";
import { addCaseStep } from "./steps";

/** A case is about a job of the market, or about a receipt that was brought right before. */
export function handleCaseOpened(event: CaseOpened): void {
  const it = new Case(event.params.caseId);
  it.job = event.params.job;
  it.opener = knowAccount(event.params.opener);
  it.key = event.params.key;
  it.tier = 0;
  it.isOpen = true;
  it.slashed = BigInt.zero();
  it.openedAt = event.block.timestamp;
  const receipt = Receipt.load(event.params.job);
  it.isReceipt = receipt != null;
  if (receipt != null) {
    it.provider = receipt.provider;
    it.model = receipt.model;
    it.client = receipt.payer;
    receipt.case_ = it.id;
    receipt.save();
  } else {
    const job = Job.load(event.params.job)!;
    it.provider = job.provider!;
    it.model = job.model;
    it.client = job.client;
  }
  it.save();
  addCaseStep(it.id, "CaseOpened", event);

  const provider = Provider.load(it.provider)!;
  provider.cases += 1;
  provider.save();
  const market = marketOfCourt(event);
  market.cases += 1;
  market.save();
  addCasePoint(market, 1, 0, 0);
}

export function handleCasePinned(event: CasePinned): void {
  const it = Case.load(event.params.caseId)!;
  it.tier = event.params.tier;
  it.save();
  addCaseStep(it.id, "CasePinned", event);
  marketOfCourt(event).save();
}

export function handleCaseSeated(event: CaseSeated): void {
  const it = Case.load(event.params.caseId)!;
  it.tier = event.params.tier;
  it.save();
  addCaseStep(it.id, "CaseSeated", event);
  marketOfCourt(event).save();

  const first = event.params.tier == 1 ? 0 : FIRST_TIER_SEATS;
  const numbers = event.params.seats;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i].toI32();
    if (number != 0) {
      addCaseSeat(it.id, first + i, number);
    }
  }
}

export function handleCaseAppealed(event: CaseAppealed): void {
  addCaseStep(event.params.caseId, "CaseAppealed", event);
  marketOfCourt(event).save();
}

export function handleCaseClosed(event: CaseClosed): void {
  const verdict = VERDICT[event.params.verdict];
  const convictions = verdict == "Convicted" || verdict == "Withheld" ? 1 : 0;
  const it = Case.load(event.params.caseId)!;
  it.verdict = verdict;
  it.isOpen = false;
  it.slashed = event.params.slashed;
  it.closedAt = event.block.timestamp;
  it.save();
  addCaseStep(it.id, "CaseClosed", event);

  const provider = Provider.load(it.provider)!;
  provider.convictions += convictions;
  provider.save();
  const market = marketOfCourt(event);
  market.convictions += convictions;
  market.save();
  addCasePoint(market, 0, 1, convictions);
}
