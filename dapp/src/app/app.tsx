import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router";
import { WagmiProvider } from "wagmi";
import { WalletDialogProvider } from "../components/wallet/wallet-dialog.tsx";
import type { NetworkConfig } from "../network/network-config.ts";
import { NetworkProvider } from "../network/network-context.tsx";
import { wagmiConfigOf } from "../network/wagmi.ts";
import { Notices } from "./notices.tsx";
import { router } from "./router.tsx";

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 2_000, retry: 1, refetchOnWindowFocus: true } },
});

/** All pages, of one network. */
export function App({ network }: { readonly network: NetworkConfig }) {
  return (
    <WagmiProvider config={configOf(network)}>
      <QueryClientProvider client={queries}>
        <NetworkProvider network={network}>
          <WalletDialogProvider>
            <RouterProvider router={router} />
          </WalletDialogProvider>
          <Notices />
        </NetworkProvider>
      </QueryClientProvider>
    </WagmiProvider>
  );
}

let config: ReturnType<typeof wagmiConfigOf> | undefined;

/** One for the life of the page: wagmi keeps connections in it. */
function configOf(network: NetworkConfig) {
  config ??= wagmiConfigOf(network);
  return config;
}
