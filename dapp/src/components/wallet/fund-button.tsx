import { lazy, type ReactNode, Suspense, useState } from "react";
import { Button } from "../ui/button.tsx";

const FundDialog = lazy(async () => ({ default: (await import("./fund-dialog.tsx")).FundDialog }));

export interface FundButtonProps {
  /** What to deposit, to begin with. Token units. */
  readonly amount?: bigint;
  readonly children: ReactNode;
}

/** Opens where tokens are moved between the wallet and the market. */
export function FundButton({ amount, children }: FundButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        {children}
      </Button>
      <Suspense>{isOpen && <FundDialog amount={amount} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
