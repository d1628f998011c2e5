/** What is typed on the machine of the node. */
export function Command({ children }: { readonly children: string }) {
  return <code className="whitespace-nowrap rounded bg-raised px-1 py-0.5 font-mono text-[0.9em]">{children}</code>;
}
