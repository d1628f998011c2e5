import { expect } from "chai";
import { parseUptime, recordChecks, UPTIME_WINDOW, uptimeOf } from "./uptime.ts";

const NOW = 1_800_000_000;

describe("uptime as this browser saw it", () => {
  it("is the share of checks that were answered", () => {
    let log = recordChecks({}, new Map([["a", "A"]]), NOW);
    log = recordChecks(log, new Map([["a", undefined]]), NOW + 20);
    log = recordChecks(log, new Map([["a", "A"]]), NOW + 7_200);
    log = recordChecks(log, new Map([["a", "A"]]), NOW + 7_220);
    expect(uptimeOf(log, "a")).to.deep.equal({
      answered: 3,
      checks: 4,
      share: 0.75,
      last: { at: NOW + 7_220, name: "A" },
    });
    expect(uptimeOf(log, "b")).to.equal(undefined);
  });

  it("knows since when a provider is silent, and who that was", () => {
    let log = recordChecks({}, new Map([["a", "A"]]), NOW);
    for (const later of [20, 40, 7_200]) {
      log = recordChecks(
        log,
        new Map([
          ["a", undefined],
          ["b", undefined],
        ]),
        NOW + later,
      );
    }
    expect(uptimeOf(log, "a")?.last).to.deep.equal({ at: NOW, name: "A" });
    expect(uptimeOf(log, "b")).to.include({ checks: 3, last: undefined });
  });

  it("forgets what is older than a week, of providers that are gone too", () => {
    const log = recordChecks({}, new Map([["a", undefined]]), NOW);
    expect(recordChecks(log, new Map(), NOW + UPTIME_WINDOW - 3_600)).to.have.property("a");
    expect(recordChecks(log, new Map(), NOW + UPTIME_WINDOW + 3_600)).to.deep.equal({});
  });

  it("survives being kept as text, and takes broken text as nothing", () => {
    const log = recordChecks({}, new Map([["a", "A"]]), NOW);
    expect(parseUptime(JSON.stringify(log))).to.deep.equal(log);
    for (const broken of [null, "", "{", "[]", '{"a":[{"hour":1}]}']) {
      expect(parseUptime(broken)).to.deep.equal({});
    }
  });
});
