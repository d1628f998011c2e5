import { expect } from "chai";
import { HttpError, TouchstoneError } from "./errors.ts";

describe("errors", () => {
  it("walk down their causes", () => {
    const root = new TypeError("root");
    const middle = new TouchstoneError("middle", { code: "MIDDLE", cause: root });
    const top = new TouchstoneError("top", { code: "TOP", cause: middle });
    expect(top.walk()).to.equal(root);
    expect(top.walk((error) => error instanceof TypeError)).to.equal(root);
    expect(top.walk((error) => error instanceof TouchstoneError && error.code === "MIDDLE")).to.equal(middle);
    expect(top.walk((error) => error === top)).to.equal(top);
    expect(top.walk(() => false)).to.equal(undefined);
    expect(new TouchstoneError("alone", { code: "ALONE" }).walk()).to.include({ code: "ALONE" });
  });

  it("keep code, data and whether to try again; by default not", () => {
    const error = new TouchstoneError("x", { code: "X", details: { a: 1 }, retryable: true });
    expect(error).to.deep.include({ name: "TouchstoneError", code: "X", retryable: true, details: { a: 1 } });
    expect(new TouchstoneError("x", { code: "X" })).to.include({ retryable: false });
    expect(error).to.not.have.property("cause");
  });

  it("say of HTTP which statuses may pass", () => {
    const statusIsRetryable = (status: number) => new HttpError("HTTP_STATUS", "", { url: "", status }).retryable;
    expect([408, 425, 429, 500, 502, 503, 504].every(statusIsRetryable)).to.equal(true);
    expect([400, 401, 403, 404, 409, 413, 422, 501].some(statusIsRetryable)).to.equal(false);
    expect(new HttpError("HTTP_TIMEOUT", "", { url: "" }).retryable).to.equal(true);
    expect(new HttpError("HTTP_TOO_LARGE", "", { url: "" }).retryable).to.equal(false);
  });
});
