import type { Hex } from "viem";
import { NodeError } from "../errors.ts";
import type { Database } from "./database.ts";

/** What may be signed once for a job: a quote, or the root of its results. */
export type SignatureKind = "quote" | "result";

/** One thing about to be signed. */
export interface Signing {
  readonly job: Hex;
  readonly kind: SignatureKind;
  /** What the signature covers. */
  readonly digest: Hex;
  /** What stands behind the digest, JSON. */
  readonly payload: unknown;
}

/** The signing guard: check and record, then sign. The same data again passes, other data for the same job throws. */
export class Signatures {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Records what is about to be signed.
   *
   * @throws NodeError `SIGNATURE_CONFLICT` if other data was signed for this job.
   */
  guard({ job, kind, digest, payload }: Signing): void {
    const { query } = this.#database;
    this.#database.transaction(() => {
      const before = this.of(job, kind);
      if (before === undefined) {
        const row = { job, kind, digest, payload: JSON.stringify(payload) };
        this.#database.run(query.insertInto("signatures").values(row));
      } else if (before.digest !== digest) {
        const sentence = `Another ${kind} was signed for job ${job} before. Two would let the buyer pick; ask with another salt.`;
        throw new NodeError("SIGNATURE_CONFLICT", sentence, { details: { job, kind, before: before.digest, digest } });
      }
    });
  }

  /** What was signed for a job, or nothing. */
  of(job: Hex, kind: SignatureKind): { readonly digest: Hex; readonly payload: unknown } | undefined {
    const { query } = this.#database;
    const row = this.#database.first(
      query.selectFrom("signatures").select(["digest", "payload"]).where("job", "=", job).where("kind", "=", kind),
    );
    return row && { digest: row.digest as Hex, payload: JSON.parse(row.payload) as unknown };
  }
}
