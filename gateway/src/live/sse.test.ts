import { expect } from "chai";
import { EventSplitter, eventData } from "./sse.ts";

const STREAM = `: a comment\n\ndata: {"text":"f\u00fcchse \ud83e\udd8a"}\n\ndata: {"a":1,\ndata: "b":2}\r\n\r\ndata: [DONE]\n\n`;

describe("server-sent events", () => {
  it("are the same however the bytes are cut", () => {
    const bytes = new TextEncoder().encode(STREAM);
    const whole = new EventSplitter().take(bytes);
    expect(whole).to.have.length(4);
    for (const size of [1, 2, 3, 7, 50]) {
      const splitter = new EventSplitter();
      const events: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        events.push(...splitter.take(bytes.subarray(at, at + size)));
      }
      expect(events, String(size)).to.deep.equal(whole);
      expect(splitter.end()).to.equal("");
    }
    expect(whole.join("")).to.equal(STREAM);
  });

  it("have their JSON read, over several lines too, where they have any", () => {
    const [comment, text, lines, done] = new EventSplitter().take(new TextEncoder().encode(STREAM)).map(eventData);
    expect([comment, done]).to.deep.equal([undefined, undefined]);
    expect(text).to.deep.equal({ text: "f\u00fcchse \ud83e\udd8a" });
    expect(lines).to.deep.equal({ a: 1, b: 2 });
  });

  it("that never end are given back as they are", () => {
    const splitter = new EventSplitter();
    expect(splitter.take(new TextEncoder().encode("data: half"))).to.deep.equal([]);
    expect(splitter.end()).to.equal("data: half");
  });
});
