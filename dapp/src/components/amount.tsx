import { useToken } from "../hooks/use-token.ts";
import { cn } from "../lib/cn.ts";
import { formatAmount } from "../lib/format.ts";

export interface AmountProps {
  /** Token units. */
  readonly value: bigint | undefined;
  /** Decimals that are shown at most. */
  readonly digits?: number;
  /** Without the token's symbol, where the column's head has it. */
  readonly isBare?: boolean;
  readonly className?: string;
}

/** An amount of the market's token. */
export function Amount({ value, digits = 4, isBare = false, className }: AmountProps) {
  const token = useToken();
  if (value === undefined || token === undefined) {
    return <span className={cn("text-muted", className)}>–</span>;
  }
  return (
    <span className={cn("whitespace-nowrap", className)}>
      {formatAmount(value, token.decimals, digits)}
      {!isBare && <span className="text-muted"> {token.symbol}</span>}
    </span>
  );
}
