import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * Deploys one court, which waits for its market. Parameters: `parameters`, the `CourtParameters` struct.
 *
 * One contract may hold 24 KB of code (EIP-170), so the court is three; `court` is the address of all, `rooms` its ABI
 * there.
 */
export default buildModule("Court", (m) => {
  const randomness = m.contract("BlockHashes");
  const registry = m.contract("CourtRegistry", [randomness, m.getParameter("parameters")]);
  const extension = m.contract("CourtExtension", [registry]);
  const court = m.contract("Court", [extension]);
  return { court, rooms: m.contractAt("ICourt", court) };
});
