/** Counts what the gateway does, for Prometheus. */
export class Meter {
  readonly #requests = new Map<string, number>();
  #calls = 0;

  /** Counts an answer. */
  countRequest(route: string, status: number): void {
    const labels = `route="${route}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
  }

  /** Calls under way. */
  get calls(): number {
    return this.#calls;
  }

  /** Counts a call as under way until what it returns is called. */
  beginCall(): () => void {
    this.#calls += 1;
    return () => {
      this.#calls -= 1;
    };
  }

  /** The text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  render(): string {
    const rows = [...this.#requests].map(([labels, count]) => `touchstone_gateway_requests_total{${labels}} ${count}`);
    return [
      "# HELP touchstone_gateway_requests_total Answers by route and status",
      "# TYPE touchstone_gateway_requests_total counter",
      ...rows,
      "# HELP touchstone_gateway_calls Calls under way",
      "# TYPE touchstone_gateway_calls gauge",
      `touchstone_gateway_calls ${this.#calls}`,
      "",
    ].join("\n");
  }
}
