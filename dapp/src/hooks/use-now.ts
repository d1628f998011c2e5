import { useEffect, useState } from "react";

/** The time in unix seconds, told anew every `everySeconds`. */
export function useNow(everySeconds = 1): number {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1_000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1_000)), everySeconds * 1_000);
    return () => clearInterval(timer);
  }, [everySeconds]);
  return now;
}
