import { useState } from "react";
import { decodeSettings, encodeSettings, type LiveSettings } from "../../lib/live-settings.ts";
import { storage } from "../../lib/storage.ts";
import { useNetwork } from "../../network/network-context.tsx";

/** What was set on the playground, kept by the browser for each market. */
export function useSettings(): readonly [LiveSettings, (change: Partial<LiveSettings>) => void] {
  const { market } = useNetwork();
  const key = `touchstone.playground/${market}`;
  const [settings, setSettings] = useState(() => decodeSettings(storage.getItem(key)));
  const change = (changed: Partial<LiveSettings>) => {
    const next = { ...settings, ...changed };
    setSettings(next);
    storage.setItem(key, encodeSettings(next));
  };
  return [settings, change];
}
