import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  // Relative, so that the pages work from any folder of any static host.
  base: "./",
  plugins: [react(), tailwindcss()],
  resolve: { dedupe: ["react", "react-dom", "viem", "zod"] },
  // Of `npm start`, beside which these pages are developed: `npx vite dapp`.
  server: { proxy: { "/network.json": "http://127.0.0.1:4173" } },
  build: { target: "es2024", manifest: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 1_024 },
});
