import { useState } from "react";
import { decodeSettings, encodeSettings, type LiveSettings } from "../../lib/live-settings.ts";
import { useNetwork } from "../../network/network-context.tsx";

/** What was set on the playground, kept by the browser for each market. */
export function useSettings(): readonly [LiveSettings, (change: Partial<LiveSettings>) => void] {
  const { market } = useNetwork();
  const key = `touchstone.playground/${market}`;
  const [settings, setSettings] = useState(() => decodeSettings(localStorage.getItem(key)));
  const change = (changed: Partial<LiveSettings>) => {
    const next = { ...settings, ...changed };
    setSettings(next);
    try {
      localStorage.setItem(key, encodeSettings(next));
    } catch {
      // without storage they last as long as the page
    }
  };
  return [settings, change];
}
