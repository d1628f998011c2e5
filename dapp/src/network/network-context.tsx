import { createContext, type ReactNode, use } from "react";
import type { NetworkConfig } from "./network-config.ts";

const NetworkContext = createContext<NetworkConfig | undefined>(undefined);

export function NetworkProvider({
  network,
  children,
}: {
  readonly network: NetworkConfig;
  readonly children: ReactNode;
}) {
  return <NetworkContext value={network}>{children}</NetworkContext>;
}

/** Which market the pages show. */
export function useNetwork(): NetworkConfig {
  const network = use(NetworkContext);
  if (network === undefined) {
    throw new Error("A page outside of NetworkProvider has no network.");
  }
  return network;
}
