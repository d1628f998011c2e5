// A chain in a process of its own, so that its blocks do not take time from who measures. It ends with its parent.
import { startChain } from "../../network/chain.ts";

const chain = await startChain();
process.once("disconnect", () => process.exit());
process.send?.({ type: "chain", rpcUrl: chain.rpcUrl });
