import type { CSSProperties } from "react";
import { Toaster } from "sonner";

/** The page's own colours, whatever the system's are. */
const LOOK = {
  fontFamily: "inherit",
  "--normal-bg": "var(--surface)",
  "--normal-border": "var(--border)",
  "--normal-text": "var(--foreground)",
  "--gray2": "var(--raised)",
  "--gray5": "var(--border)",
} as CSSProperties;

/** Above the bar at the bottom of a phone, pixels. */
const ABOVE_BAR = { bottom: 76 };

/** Where pages say what was done, and what failed. */
export function Notices() {
  return (
    <Toaster
      position="bottom-right"
      closeButton
      mobileOffset={ABOVE_BAR}
      style={LOOK}
      toastOptions={{ classNames: { description: "text-muted!" } }}
    />
  );
}
