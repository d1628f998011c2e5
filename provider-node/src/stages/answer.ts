import { answerOf, courtAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData, type Hex, zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import { demandsOf } from "../jobs/machine.ts";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, frozenOf, requireCourt, transactWithCourt } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";
import { requireBlob } from "./measure.ts";

/**
 * Shows on chain what somebody could not get, or says so, over the network: in time, or the job is lost and the stake cut.
 *
 * @throws NodeError `BLOB_MISSING` or `BLOB_CORRUPT` if this node has not all of it.
 */
export async function answer(context: StageContext, job: JobRow): Promise<StageResult> {
  const [demand] = demandsOf(job.state);
  const open = demand && (await requireCourt(context).demandOf(demand.key));
  if (demand === undefined || open?.answerBy !== demand.answerBy) {
    return CHAIN_KNOWS;
  }
  const { key, item, chunk } = demand;
  const data = answerOf({ ...(await sourceOf(context, job, item)), item, chunk });
  const args = [job.spec, frozenOf(job, context), key, data] as const;
  const call = encodeFunctionData({ abi: courtAbi, functionName: "answer", args });
  return transactWithCourt(context, `answer:${key}:${item}:${chunk}:${demand.answerBy}`, call);
}

/** All that is kept of the job, and the bytes of the item. */
async function sourceOf({ store, provider }: StageContext, { id, spec }: JobRow, item: number) {
  const results = store.results.of(id);
  const result = results.get(item);
  const requestHashes = store.inputs.list(spec.input)?.requests;
  const requestHash = requestHashes?.[item];
  if (result === undefined || requestHash === undefined || requestHashes === undefined || results.size !== spec.items) {
    const sentence = `This node has not all of job ${id}, whose data is demanded. Start the node that submitted it.`;
    throw new NodeError("BLOB_MISSING", sentence, { details: { job: id, item } });
  }
  return {
    job: id,
    provider,
    items: [...results.values()],
    requestHashes,
    request: await requireBlob(store.blobs, requestHash),
    output: await requireBlob(store.blobs, result.outputHash),
    trace: await traceOf(store.blobs, result.traceHash),
  };
}

function traceOf(blobs: StageContext["store"]["blobs"], hash: Hex): Promise<Uint8Array> {
  return hash === zeroHash ? Promise.resolve(new Uint8Array()) : requireBlob(blobs, hash);
}
