import type { WithHistory } from "../actions/internal/clients.ts";

/** The market, and the block where its history begins: it spares long searches. */
export type DecoratorParameters = WithHistory;

/** Distributes over unions, which `Omit` alone would flatten. */
export type WithoutMarket<Parameters> = Parameters extends unknown
  ? Omit<Parameters, keyof WithHistory> & Partial<WithHistory>
  : never;

/** An action whose client and market are known. Where all its parameters may be left out, so may their object. */
export type Bound<Action> = Action extends (client: infer _, parameters: infer Parameters) => infer Result
  ? (...parameters: BoundParameters<WithoutMarket<Parameters>>) => Result
  : never;
export type BoundParameters<Parameters> = Record<never, never> extends Parameters ? [Parameters?] : [Parameters];

/** An action on a client and a market. */
export function bind<Client, Parameters, Result>(
  action: (client: Client, parameters: Parameters) => Result,
  client: Client,
  on: DecoratorParameters,
): (...parameters: BoundParameters<WithoutMarket<Parameters>>) => Result {
  return (...[parameters]) => action(client, { ...on, ...parameters } as Parameters);
}
