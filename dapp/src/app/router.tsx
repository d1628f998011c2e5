import type { ComponentType } from "react";
import { createHashRouter } from "react-router";
import { RouteFailure } from "./failure.tsx";
import { Layout } from "./layout.tsx";

/** A page's code is fetched when the page is opened. */
function page<Module>(load: () => Promise<Module>, name: keyof Module) {
  return async () => ({ Component: (await load())[name] as ComponentType });
}

/** Behind the hash, so that the pages work from any static host, IPFS included. */
export const router = createHashRouter([
  {
    element: <Layout />,
    errorElement: <RouteFailure />,
    children: [
      { index: true, lazy: page(() => import("../pages/playground/playground-page.tsx"), "PlaygroundPage") },
      { path: "jobs", lazy: page(() => import("../pages/jobs/jobs-page.tsx"), "JobsPage") },
      { path: "jobs/new", lazy: page(() => import("../pages/jobs/new-job-page.tsx"), "NewJobPage") },
      { path: "jobs/:id", lazy: page(() => import("../pages/jobs/job-page.tsx"), "JobPage") },
      { path: "providers", lazy: page(() => import("../pages/providers/providers-page.tsx"), "ProvidersPage") },
      { path: "providers/:address", lazy: page(() => import("../pages/providers/provider-page.tsx"), "ProviderPage") },
      { path: "console", lazy: page(() => import("../pages/console/console-page.tsx"), "ConsolePage") },
      { path: "cases", lazy: page(() => import("../pages/cases/cases-page.tsx"), "CasesPage") },
      { path: "cases/:id", lazy: page(() => import("../pages/cases/case-page.tsx"), "CasePage") },
      { path: "network", lazy: page(() => import("../pages/network/network-page.tsx"), "NetworkPage") },
    ],
  },
]);
