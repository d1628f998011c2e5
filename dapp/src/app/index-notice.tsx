import { Alert } from "../components/ui/alert.tsx";
import { useIndexStatus } from "../hooks/use-index-status.ts";
import { explain } from "../lib/explain.ts";

/** Says so while the subgraph is down, behind or of another market, and history comes from the chain itself: the same, but slower. */
export function IndexNotice() {
  const { data } = useIndexStatus();
  if (data?.failure === undefined) {
    return null;
  }
  return (
    <div className="mx-auto max-w-6xl px-4 pt-4 sm:px-6">
      <Alert tone="warn" title="The subgraph is not used now">
        {explain(data.failure).sentence} History is read from the chain itself meanwhile: it is the same, and takes a
        little longer.
      </Alert>
    </div>
  );
}
