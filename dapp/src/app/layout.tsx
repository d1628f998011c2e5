import { lazy, Suspense } from "react";
import { NavLink, Outlet, ScrollRestoration } from "react-router";
import { Loading } from "../components/states.tsx";
import { WalletButton } from "../components/wallet/wallet-button.tsx";
import { cn } from "../lib/cn.ts";
import { useNetwork } from "../network/network-context.tsx";
import { DESTINATIONS } from "./navigation.ts";
import { ThemeButton } from "./theme-button.tsx";

/** Only where a subgraph is named: it brings the index with it. */
const IndexNotice = lazy(async () => ({ default: (await import("./index-notice.tsx")).IndexNotice }));

/** What is around every page: the name, the ways, the wallet. */
export function Layout() {
  const { subgraphUrl } = useNetwork();
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] pb-16 md:pb-0">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <Header />
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        {subgraphUrl !== undefined && (
          <Suspense>
            <IndexNotice />
          </Suspense>
        )}
        <Suspense
          fallback={
            <div className="mx-auto max-w-6xl p-6">
              <Loading rows={5} />
            </div>
          }
        >
          <Outlet />
        </Suspense>
      </main>
      <BottomBar />
      <ScrollRestoration />
    </div>
  );
}

function Header() {
  const { name } = useNetwork();
  return (
    <header className="sticky top-0 z-30 border-b bg-background/92 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-6xl items-center gap-4 px-4 sm:px-6">
        <NavLink to="/" className="flex items-center gap-2.5" aria-label="Touchstone, to the playground">
          <img src="./icon.svg" alt="" className="size-7" />
          <span className="hidden font-semibold tracking-tight lg:inline">Touchstone</span>
        </NavLink>
        <nav aria-label="Pages" className="hidden items-center gap-1 md:flex">
          {DESTINATIONS.map(({ to, name: page }) => (
            <NavLink
              key={to}
              to={to}
              end={to === "/"}
              className={({ isActive }) =>
                cn(
                  "relative rounded-md px-2.5 py-1.5 text-sm hover:text-foreground",
                  isActive ? "font-medium text-foreground" : "text-muted",
                )
              }
            >
              {({ isActive }) => (
                <>
                  {page}
                  {isActive && <span aria-hidden className="streak absolute inset-x-1 -bottom-[0.72rem] h-0.5" />}
                </>
              )}
            </NavLink>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-2">
          <span className="hidden text-muted text-xs lg:inline">{name}</span>
          <ThemeButton />
          <WalletButton />
        </div>
      </div>
    </header>
  );
}

/** The ways on a phone: in reach of the thumb. */
function BottomBar() {
  return (
    <nav aria-label="Pages" className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-6 border-t bg-surface md:hidden">
      {DESTINATIONS.map(({ to, name, icon: Icon }) => (
        <NavLink
          key={to}
          to={to}
          end={to === "/"}
          className={({ isActive }) =>
            cn(
              "grid min-w-0 justify-items-center gap-1 border-t-2 py-2 text-[0.65rem]",
              isActive ? "border-streak text-foreground" : "border-transparent text-muted",
            )
          }
        >
          <Icon className="size-4.5" aria-hidden />
          <span className="max-w-full truncate">{name}</span>
        </NavLink>
      ))}
    </nav>
  );
}
