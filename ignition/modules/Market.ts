import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * Deploys one market. Parameters (`ignition/parameters/*.json`, or given in code): `token`, the ERC-20 it serves; `court`,
 * zero for none; `market`, the `MarketParameters` struct.
 */
export default buildModule("Market", (m) => {
  const token = m.getParameter<string>("token");
  const court = m.getParameter<string>("court", "0x0000000000000000000000000000000000000000");
  const parameters = m.getParameter("market");
  return { market: m.contract("Market", [token, court, parameters]) };
});
