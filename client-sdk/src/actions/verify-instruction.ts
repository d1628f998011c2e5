import type { Hex } from "viem";
import { InstructionError } from "../errors.ts";
import { instructionDigest, type SignedInstruction } from "../protocol/instruction.ts";
import { chainIdOf, type OnMarket, type ReadClient } from "./internal/clients.ts";
import { type ReadErrorType, readMarket } from "./internal/transact.ts";
import { isValidSignature } from "./internal/verify-signature.ts";

export interface VerifyInstructionParameters extends OnMarket {
  readonly instruction: SignedInstruction;
}

/** What was signed. */
export type VerifyInstructionReturnType = Hex;

export type VerifyInstructionErrorType = ReadErrorType | InstructionError;

/**
 * Checks that an instruction is signed, and by one who may instruct the provider's node: itself, or an operator key of it
 * that is valid now. How old it is, and whether it was taken before, the node knows.
 *
 * @example
 * const digest = await client.verifyInstruction({ instruction });
 */
export async function verifyInstruction(
  client: ReadClient,
  { market, instruction: signed }: VerifyInstructionParameters,
): Promise<VerifyInstructionReturnType> {
  const { instruction, signer, signature } = signed;
  const { provider } = instruction;
  // First who it is: then no contract is asked but one that the provider named.
  if (!(await readMarket(client, { market, functionName: "isOperator", args: [provider, signer] }))) {
    const sentence = `${signer} is neither provider ${provider} nor a valid operator key of it.`;
    throw new InstructionError("INSTRUCTION_NOT_OWNER", sentence, { details: { signer, provider } });
  }
  const digest = instructionDigest({ chainId: await chainIdOf(client), market, instruction });
  if (!(await isValidSignature(client, { signer, digest, signature }))) {
    const sentence = `The instruction is not signed by ${signer}. Sign it again, for this market and chain.`;
    throw new InstructionError("INSTRUCTION_SIGNATURE_INVALID", sentence, { details: { signer } });
  }
  return digest;
}
