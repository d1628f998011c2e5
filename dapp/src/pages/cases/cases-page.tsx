import { Page } from "../../components/page.tsx";

export function CasesPage() {
  return <Page title="Cases">…</Page>;
}
