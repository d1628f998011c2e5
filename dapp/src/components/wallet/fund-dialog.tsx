// Placeholder until the funding action of the SDK is there.
export function FundDialog() {
  return null;
}
