import {
  Activity,
  Gavel,
  ListChecks,
  type LucideIcon,
  MessageSquareText,
  Server,
  SlidersHorizontal,
} from "lucide-react";

export interface Destination {
  readonly to: string;
  readonly name: string;
  readonly icon: LucideIcon;
}

/** The pages, in the order in which they are offered. */
export const DESTINATIONS: readonly Destination[] = [
  { to: "/", name: "Playground", icon: MessageSquareText },
  { to: "/jobs", name: "Jobs", icon: ListChecks },
  { to: "/providers", name: "Providers", icon: Server },
  { to: "/console", name: "Console", icon: SlidersHorizontal },
  { to: "/cases", name: "Cases", icon: Gavel },
  { to: "/network", name: "Network", icon: Activity },
];
