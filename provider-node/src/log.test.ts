import { PassThrough } from "node:stream";
import { expect } from "chai";
import { NodeError } from "./errors.ts";
import { createLogger, type LogOptions } from "./log.ts";
import type { Logger } from "./logger.ts";

function logged(options: Partial<LogOptions>, use: (log: Logger) => void): string {
  const destination = new PassThrough();
  use(createLogger({ logLevel: "info", logFormat: "auto", isTerminal: false, ...options, destination }));
  return String(destination.read() ?? "");
}

describe("the log", () => {
  it("writes one JSON object a line where nobody reads along", () => {
    const line = JSON.parse(logged({}, (log) => log.warn("job declined", { job: "0x12", price: 12n })));
    expect(line).to.include({ msg: "job declined", job: "0x12", price: 12, level: 40 });
    expect(line.time).to.match(/^\d{4}-\d\d-\d\dT/);
  });

  it("writes for people on a terminal", () => {
    const text = logged({ isTerminal: true }, (log) => log.info("model loaded", { name: "storyteller" }));
    expect(text).to.include("model loaded").and.include("storyteller");
    expect(() => JSON.parse(text)).to.throw();
  });

  it("leaves out what is below its level", () => {
    expect(logged({}, (log) => log.debug("detail"))).to.equal("");
    expect(logged({ logLevel: "silent" }, (log) => log.error("anything"))).to.equal("");
  });

  it("never holds prompts, outputs or keys", () => {
    const secret = "once upon a time";
    const text = logged({}, (log) =>
      log.error("a mistake", {
        prompt: secret,
        request: { messages: [{ content: secret }] },
        item: { output: { text: secret } },
        key: { password: secret, privateKey: secret },
      }),
    );
    expect(text).to.include("(hidden)").and.not.include(secret);
  });

  it("tells an error by its code, its data and its causes, without what a library adds behind the first line", () => {
    const cause = new Error("HTTP request failed.\n\nURL: https://rpc.example/v2/access-key");
    const error = new NodeError("RPC_UNAVAILABLE", "No endpoint answers.", { cause, details: { endpoints: 2 } });
    const text = logged({}, (log) => log.error("rpc", { error }));
    expect(text).to.not.include("access-key");
    expect(JSON.parse(text).error).to.deep.include({ code: "RPC_UNAVAILABLE", details: { endpoints: 2 } });
    expect(JSON.parse(text).error.cause).to.include({ message: "HTTP request failed." });
  });
});
