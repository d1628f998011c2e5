import type { Hex } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import * as z from "zod";
import { uintField } from "./fields.ts";

/** What {@link Tolerances} must look like. */
export const tolerancesSchema = z.strictObject({
  marginTolerance: uintField(16),
  marginThreshold: uintField(16),
  traceTolerance: uintField(16),
  traceThreshold: uintField(16),
  probeTolerance: uintField(32),
});

/**
 * How far the numbers of honest machines of one class may lie apart, in units of the lanes of a {@link Word}: tolerances
 * say when two seats agree, thresholds when a claim is refused. Of the margin in lane 2, of the distance to the
 * trace in lane 3, of the probes as the sum of squared differences of lanes 4 to 15.
 */
export type Tolerances = Readonly<z.infer<typeof tolerancesSchema>>;

/** Of a model that no court judges. */
export const NO_TOLERANCES: Tolerances = {
  marginTolerance: 0,
  marginThreshold: 0,
  traceTolerance: 0,
  traceThreshold: 0,
  probeTolerance: 0,
};

const TOLERANCES = [
  { type: "uint16" },
  { type: "uint16" },
  { type: "uint16" },
  { type: "uint16" },
  { type: "uint32" },
] as const;

/** `keccak256(abi.encode(tolerances))`. */
export function tolerancesHash(tolerances: Tolerances): Hex {
  const { marginTolerance, marginThreshold, traceTolerance, traceThreshold, probeTolerance } = tolerances;
  const members = [marginTolerance, marginThreshold, traceTolerance, traceThreshold, probeTolerance] as const;
  return keccak256(encodeAbiParameters(TOLERANCES, members));
}

/** The most that a lane says. */
const LANE_MAX = 32_767;

/**
 * Whether a court can judge by them: what convicts must lie above what honest seats differ by, and below the most that a
 * lane says. Mirrors `ModelLib.areSound`.
 */
export function canJudge(tolerances: Tolerances): boolean {
  const { marginTolerance, marginThreshold, traceTolerance, traceThreshold, probeTolerance } = tolerances;
  const isAbove = marginThreshold > marginTolerance && traceThreshold > traceTolerance;
  return isAbove && marginThreshold < LANE_MAX && traceThreshold < LANE_MAX && probeTolerance > 0;
}
