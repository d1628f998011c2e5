// What a subgraph is asked for, of each entity: the fields of the `Indexed*` types.

export const MARKET =
  "address: id pool jobs openJobs volume fees refunded penalties slashed burned providers seats cases convictions receipts updatedAt";

export const ACCOUNT =
  "address: id balance stake exposure fees reserved reserveLeaving reserveReleasableAt unbonding withdrawableAt bond bondLeaving bondWithdrawableAt";

export const PROVIDER = `address: id account { ${ACCOUNT} } uri operator cardUpdatedAt since jobs completed unverified declined noShows rejected earned slashed bondSlashed cases convictions receipts doubleReceipts`;

export const OPERATOR = "provider { id } operator validFrom validUntil";

export const MODEL = "id verified panelOpenedAt seats jobs volume";

export const JOB =
  "id client { id } provider { id } model { id } status outcome input items price acceptBy submitWithin challengeWindow flags salt uri isOrder verified resultRoot submitBlock postedAt acceptedAt submittedAt endedAt paid fee refund penalty";

export const CASE =
  "id job opener { id } key isReceipt tier verdict isOpen slashed openedAt closedAt provider { id } model { id } client { id }";

export const CASE_SEAT =
  "case { id } seat { number } position commitment word committedAt revealedAt penalty denounced";

export const STEP = "kind block timestamp transaction logIndex";

export const DEMAND = "job key demander { id } item chunk answerBy demandedAt answeredAt endedAt defaulted";

export const SEAT =
  "number owner { id } stake penalised cases reveals since panels(first: 1000) { model { id } seat { number } slot joinedAt leftAt }";

export const RECEIPT =
  "job: id provider { id } payer { id } channelId seq model { id } amount cumulative promptTokens completionTokens issuedAt operator broughtAt case { id }";

export const JOB_SUMS = "timestamp posted settled refunded volume paid fees penalties";
