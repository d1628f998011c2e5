import { expect } from "chai";
import { enumName } from "./enum-name.ts";
import { JobStatus } from "./generated/enums.ts";

describe("names of enums", () => {
  it("are those of Solidity", () => {
    expect(enumName(JobStatus, JobStatus.Submitted)).to.equal("Submitted");
    expect(enumName(JobStatus, 99)).to.equal(undefined);
  });
});
