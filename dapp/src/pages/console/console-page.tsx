import { Page } from "../../components/page.tsx";

export function ConsolePage() {
  return <Page title="Console">…</Page>;
}
