import { useEffect, useState } from "react";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { parseUptime, recordChecks, type UptimeLog } from "../../lib/uptime.ts";
import { useNetwork } from "../../network/network-context.tsx";

/** Counts each reading of the cards as a check of who answers, and keeps a week of them in this browser. */
export function useUptime(): UptimeLog {
  const { market } = useNetwork();
  const key = `touchstone.uptime.${market}`;
  const { data, dataUpdatedAt } = useListedProviders();
  const [log, setLog] = useState<UptimeLog>(() => load(key));
  useEffect(() => {
    if (data === undefined || dataUpdatedAt === lastChecked) {
      return;
    }
    lastChecked = dataUpdatedAt;
    const checked = new Map<string, string | undefined>([
      ...data.providers.map(({ provider, card }) => [provider, card.name] as const),
      ...data.failures.map(({ provider }) => [provider, undefined] as const),
    ]);
    const next = recordChecks(load(key), checked, Math.floor(dataUpdatedAt / 1_000));
    setLog(next);
    save(key, next);
  }, [data, dataUpdatedAt, key]);
  return log;
}

/** One reading is one check, however many views see it. */
let lastChecked = 0;

function load(key: string): UptimeLog {
  try {
    return parseUptime(localStorage.getItem(key));
  } catch {
    return {};
  }
}

function save(key: string, log: UptimeLog): void {
  try {
    localStorage.setItem(key, JSON.stringify(log));
  } catch {
    // without storage the figure is of this visit's last check alone
  }
}
