import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { Failure } from "./app/failure.tsx";
import { announceDevelopmentWallets } from "./network/development-wallet.ts";
import { loadNetwork } from "./network/network-config.ts";
import "./styles.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

try {
  const network = await loadNetwork();
  announceDevelopmentWallets(network);
  root.render(
    <StrictMode>
      <App network={network} />
    </StrictMode>,
  );
} catch (error) {
  root.render(<Failure title="These pages do not know which market to show" sentence={(error as Error).message} />);
}
