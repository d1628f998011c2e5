import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * Deploys one court, which waits for its market. Parameters: `parameters`, the `CourtParameters` struct.
 *
 * One contract may hold 24 KB of code (EIP-170), so the court is two; `court` is the address of both, `rooms` its ABI
 * there.
 */
export default buildModule("Court", (m) => {
  const randomness = m.contract("BlockHashes");
  const extension = m.contract("CourtExtension", [randomness, m.getParameter("parameters")]);
  const court = m.contract("Court", [extension]);
  return { court, rooms: m.contractAt("ICourt", court) };
});
