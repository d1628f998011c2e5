import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Deploys the development stand-in for a USD stablecoin. */
export default buildModule("TestToken", (m) => ({ token: m.contract("TestToken") }));
