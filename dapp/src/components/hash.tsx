import { Check, Copy, ExternalLink } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { cn } from "../lib/cn.ts";
import { shorten } from "../lib/format.ts";
import { useNetwork } from "../network/network-context.tsx";

export interface HashProps {
  /** Hex: an address, an id, a hash. */
  readonly value: string;
  /** What it is, for who copies it: "address", "job id". */
  readonly name: string;
  /** The page about it. */
  readonly to?: string;
  /** The explorer's page about it. */
  readonly explorer?: "tx" | "address";
  /** Words in place of the hex. */
  readonly label?: string;
  readonly className?: string;
}

/** A hash or address: shortened, linked where there is a page about it, copied at a press. */
export function Hash({ value, name, to, explorer, label, className }: HashProps) {
  const { explorerUrl } = useNetwork();
  const text = <span className={label === undefined ? "font-mono text-[0.92em]" : ""}>{label ?? shorten(value)}</span>;
  const outside =
    explorer !== undefined && explorerUrl !== undefined ? `${explorerUrl}/${explorer}/${value}` : undefined;
  return (
    <span className={cn("inline-flex items-center gap-1", className)} title={value}>
      {to === undefined ? (
        text
      ) : (
        <Link to={to} className="underline decoration-border underline-offset-4 hover:decoration-streak">
          {text}
        </Link>
      )}
      <CopyButton value={value} name={name} />
      {outside !== undefined && (
        <a
          href={outside}
          target="_blank"
          rel="noreferrer"
          aria-label={`${name} in the explorer`}
          className="text-muted"
        >
          <ExternalLink className="size-3.5" aria-hidden />
        </a>
      )}
    </span>
  );
}

/** A person's or node's address. */
export function AddressLink({ address, label, className }: { address: string; label?: string; className?: string }) {
  return <Hash value={address} name="address" explorer="address" {...{ label, className }} />;
}

/** A transaction. */
export function TransactionLink({ hash, className }: { readonly hash: string; readonly className?: string }) {
  return <Hash value={hash} name="transaction" explorer="tx" {...{ className }} />;
}

const COPIED_MS = 1_200;

function CopyButton({ value, name }: { readonly value: string; readonly name: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(value).catch(() => undefined);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`Copy ${name} ${shorten(value)}`}
      className="rounded p-0.5 text-muted hover:text-foreground"
    >
      <Icon className="size-3.5" aria-hidden />
    </button>
  );
}
