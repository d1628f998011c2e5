import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** One answered HTTP request. */
export interface ObservedRequest {
  readonly method: string;
  /** The pattern of the route, not the path: few values. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** What the node counts, for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  observeRequest(request: ObservedRequest): void;
  /** An item that a model wrote. */
  observeGeneration(generation: { readonly model: string; readonly tokens: number; readonly seconds: number }): void;
  /** Shows a number as it is at each scrape. */
  gauge(name: string, help: string, read: () => number): void;
  /** Shows numbers by the value of a label, as they are at each scrape. */
  gauges(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
}

const REQUEST_BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30];
const GENERATION_BUCKETS = [0.01, 0.05, 0.2, 1, 5, 20, 60, 300];

/** Counters of one node, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: "touchstone_http_request_seconds",
    help: "Time to answer an HTTP request",
    labelNames: ["method", "route", "status"],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const generations = new Histogram({
    name: "touchstone_generation_seconds",
    help: "Time to write an item",
    labelNames: ["model"],
    buckets: GENERATION_BUCKETS,
    registers,
  });
  const tokens = new Counter({
    name: "touchstone_generated_tokens_total",
    help: "Tokens that models wrote",
    labelNames: ["model"],
    registers,
  });
  return {
    registry,
    observeRequest: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    observeGeneration: ({ model, tokens: count, seconds }) => {
      generations.observe({ model }, seconds);
      tokens.inc({ model }, count);
    },
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    gauges: (name, help, label, read) => {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, number] of Object.entries(read())) {
            this.set({ [label]: value }, number);
          }
        },
      });
    },
  };
}
