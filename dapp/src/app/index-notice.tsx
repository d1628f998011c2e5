/** Says where history comes from while the subgraph does not answer. Filled in with the index. */
export function IndexNotice() {
  return null;
}
