import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import CourtModule from "./Court.ts";

/**
 * Deploys one market with its court and binds the two. Parameters (`ignition/parameters/*.json`, or given in code):
 * `token`, the ERC-20 it serves; `market`, the `MarketParameters` struct; those of the module `Court`.
 */
export default buildModule("Market", (m) => {
  const { court, rooms } = m.useModule(CourtModule);
  const market = m.contract("Market", [m.getParameter<string>("token"), court, m.getParameter("market")]);
  m.call(rooms, "bind", [market]);
  return { market, court };
});
