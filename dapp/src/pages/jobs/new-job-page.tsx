import { Page } from "../../components/page.tsx";

export function NewJobPage() {
  return <Page title="NewJob">…</Page>;
}
