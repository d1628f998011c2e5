import { useQuery } from "@tanstack/react-query";
import { Alert } from "../components/ui/alert.tsx";
import { useIndex } from "../hooks/use-index.ts";
import { useNetwork } from "../network/network-context.tsx";

const CHECK_MS = 30_000;

/** Says so while the subgraph does not answer and history comes from the chain itself: the same, but slower. */
export function IndexNotice() {
  const { market } = useNetwork();
  const index = useIndex();
  const { data } = useQuery({
    queryKey: ["index-status", market],
    refetchInterval: CHECK_MS,
    queryFn: () => index.status(),
  });
  if (data?.failure === undefined) {
    return null;
  }
  return (
    <div className="mx-auto max-w-6xl px-4 pt-4 sm:px-6">
      <Alert tone="warn" title="The subgraph does not answer">
        History is read from the chain itself meanwhile. It is the same, and takes a little longer.
      </Alert>
    </div>
  );
}
