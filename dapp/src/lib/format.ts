import { formatUnits } from "viem";

/** A whole number of token units as people read it: at most `digits` decimals, thousands apart, never rounded up. */
export function formatAmount(value: bigint, decimals: number, digits = 4): string {
  const isNegative = value < 0n;
  const [whole = "0", fraction = ""] = formatUnits(isNegative ? -value : value, decimals).split(".");
  const kept = fraction.slice(0, digits).replace(/0+$/, "");
  const grouped = BigInt(whole).toLocaleString("en-US");
  const isLost = value !== 0n && whole === "0" && kept === "";
  const shown = isLost && digits > 0 ? `<0.${"0".repeat(digits - 1)}1` : kept === "" ? grouped : `${grouped}.${kept}`;
  return isNegative ? `-${shown}` : shown;
}

/** `0x1234…cdef`. */
export function shorten(hex: string, head = 6, tail = 4): string {
  return hex.length <= head + tail + 1 ? hex : `${hex.slice(0, head)}…${hex.slice(-tail)}`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** Seconds in the two largest units that matter: `2 d 3 h`, `4 min 5 s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) {
      parts.push(`${count} ${name}`);
    } else if (parts.length > 0) {
      break;
    }
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** A unix time beside now: `3 min ago`, `in 2 h`. Seconds. */
export function formatRelative(time: number, now: number): string {
  const distance = time - now;
  if (Math.abs(distance) < 5) {
    return "now";
  }
  const size = formatDuration(Math.abs(distance)).split(" ").slice(0, 2).join(" ");
  return distance < 0 ? `${size} ago` : `in ${size}`;
}

/** A share of one as percent. */
export function formatPercent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** A count, thousands apart. */
export function formatCount(value: number | bigint): string {
  return value.toLocaleString("en-US");
}

/** Milliseconds as people time answers: `84 ms`, `1.2 s`. */
export function formatMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
