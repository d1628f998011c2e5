import { expect } from "chai";
import { modelReference } from "./config-kinds.ts";

const located = (reference: string) => modelReference.locate?.(reference, "/etc/node");

describe("a model in the settings", () => {
  it("is a path from the folder of the file that names it", () => {
    expect(located("models/a.gguf")).to.equal("/etc/node/models/a.gguf");
    expect(located("greedy:models/a.gguf")).to.equal("greedy:/etc/node/models/a.gguf");
    expect(located("openai:http://127.0.0.1:8080/v1#a/b:7b=models/a.gguf")).to.equal(
      "openai:http://127.0.0.1:8080/v1#a/b:7b=/etc/node/models/a.gguf",
    );
  });

  it("stays as it is where it is no path", () => {
    const names = ["storyteller", "hf:a/b/c.gguf", "greedy:storyteller", "greedy:hf:a/b/c.gguf"];
    const servers = [
      "openai:http://127.0.0.1:8080/v1",
      "openai:http://127.0.0.1:8080/v1#a/b",
      "openai:http://[::1]/v1#=storyteller",
    ];
    for (const reference of [...names, ...servers]) {
      expect(located(reference)).to.equal(reference);
    }
  });
});
