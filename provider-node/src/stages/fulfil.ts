import { JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import { NodeError } from "../errors.ts";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, rootOf, transact } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/**
 * Brings a signed order and the root of its results to the market: posts, accepts and submits at once. Until it is deep
 * enough the results stay here.
 *
 * @throws NodeError `RESERVE_SHRUNK` if the client's reserve does not cover the price when it would be mined.
 */
export async function fulfil(context: StageContext, job: JobRow): Promise<StageResult> {
  const { id, spec, signature } = job;
  const root = rootOf(job);
  const { status } = await context.view.jobOf(id);
  if (status !== JobStatus.None || signature === undefined) {
    return CHAIN_KNOWS;
  }
  await requireReserve(context, job);
  context.store.signatures.guard({ job: id, kind: "result", digest: root, payload: { root } });
  const args = [spec, signature, root] as const;
  return transact(context, `fulfil:${id}`, encodeFunctionData({ abi: marketAbi, functionName: "fulfil", args }));
}

/** What leaves can still be drawn on until it is released, so it counts while it cannot be before we are done. */
async function requireReserve({ view, now, landingSeconds }: StageContext, { id, spec }: JobRow): Promise<void> {
  const { amount, leaving, releasableAt } = await view.reserveOf(spec.client);
  const lasting = releasableAt > now() + landingSeconds ? amount : amount - leaving;
  if (lasting < spec.price) {
    const sentence = `The reserve of ${spec.client} no longer covers its order. It must reserve the rest before \`acceptBy\`.`;
    throw new NodeError("RESERVE_SHRUNK", sentence, { details: { job: id, lasting, price: spec.price } });
  }
}
