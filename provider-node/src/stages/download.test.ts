import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { downloader, isPrivate } from "./download.ts";

const NEVER = new AbortController().signal;

describe("a download from an address that a stranger chose", () => {
  let server: Server;
  let base: string;
  let answer: RequestListener;

  before(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const open = downloader({ allowPrivateNetworks: true, timeoutMs: 500 });
  const strict = downloader({ allowPrivateNetworks: false, timeoutMs: 500 });

  /** The code of the error with which a download ends. */
  async function codeOf(download: Promise<Uint8Array>): Promise<unknown> {
    try {
      await download;
      return "none";
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  }

  it("gives the bytes up to the cap, and no byte more", async () => {
    answer = (_, response) => response.end("12345678");
    expect(new TextDecoder().decode(await open(`${base}/a`, 8, NEVER))).to.equal("12345678");
    expect(await codeOf(open(`${base}/a`, 7, NEVER))).to.equal("INPUT_TOO_LARGE");
  });

  it("stops reading an endless answer at the cap", async () => {
    let sent = 0;
    answer = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) {
          sent += 65_536;
        }
      };
      response.on("drain", more);
      more();
    };
    expect(await codeOf(open(base, 100_000, NEVER))).to.equal("INPUT_TOO_LARGE");
    expect(sent).to.be.lessThan(20_000_000);
  });

  it("follows no redirect and takes no compressed answer", async () => {
    answer = (_, response) => response.writeHead(302, { location: `${base}/b` }).end();
    expect(await codeOf(open(base, 8, NEVER))).to.equal("INPUT_UNREACHABLE");
    answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("1");
    expect(await codeOf(open(base, 8, NEVER))).to.equal("INPUT_UNREACHABLE");
  });

  it("gives up on a server that hangs, before its answer and in the middle of it", async () => {
    answer = () => {};
    expect(await codeOf(open(base, 8, NEVER))).to.equal("INPUT_UNREACHABLE");
    answer = (_, response) => response.writeHead(200, { "content-length": 8 }).write("1234");
    expect(await codeOf(open(base, 8, NEVER))).to.equal("INPUT_UNREACHABLE");
  });

  it("ends with the reason of the signal", async () => {
    answer = () => {};
    const controller = new AbortController();
    const download = open(base, 8, controller.signal);
    controller.abort(Object.assign(new Error("over"), { code: "OVER" }));
    expect(await codeOf(download)).to.equal("OVER");
  });

  it("does not leave the machine's network alone only by name: a name that resolves inside is refused too", async () => {
    answer = (_, response) => response.end("secret");
    const { port } = server.address() as AddressInfo;
    expect(await codeOf(strict(base, 8, NEVER))).to.equal("INPUT_URL_FORBIDDEN");
    expect(await codeOf(strict(`http://localhost:${port}/`, 8, NEVER))).to.equal("INPUT_URL_FORBIDDEN");
    expect(await codeOf(open(`http://localhost:${port}/`, 8, NEVER))).to.equal("none");
  });

  it("speaks http and https only, and carries no credentials", async () => {
    for (const url of [
      "file:///etc/passwd",
      "ftp://example.org/",
      "data:text/plain,1",
      "not a url",
      "http://a:b@example.org/",
    ]) {
      expect(await codeOf(open(url, 8, NEVER)), url).to.equal("INPUT_URL_FORBIDDEN");
    }
  });

  it("knows private addresses in all their spellings", () => {
    const inside = ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"];
    inside.push("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1");
    inside.push("::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1");
    expect(inside.filter((address) => !isPrivate(address))).to.deep.equal([]);
    const outside = ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1"];
    expect(outside.filter(isPrivate)).to.deep.equal([]);
    expect(new URL("http://0x7f.1/").hostname).to.equal("127.0.0.1"); // URLs spell out what shortens an address
  });
});
