import { isIP } from "node:net";
import { NodeError } from "../errors.ts";

/** What `openai:URL#name=model` names. */
export interface UpstreamReference {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** The server's name of the model; nothing where it serves only one. */
  readonly name: string | undefined;
  /** The model behind it, where it is known and results are to be verified. */
  readonly model: string | undefined;
}

const PREFIX = "openai:";

/** Whether a model is behind a server. */
export function isUpstreamReference(reference: string): boolean {
  return reference.startsWith(PREFIX);
}

/**
 * Reads a reference such as `openai:http://127.0.0.1:8080/v1#llama3.2:3b`, or with `=` and the model's own reference.
 *
 * @param hosts Hosts beside this machine that may be asked.
 * @throws NodeError `CONFIG_INVALID` for no such reference, or another host: buyers' prompts would go there.
 */
export function readUpstreamReference(reference: string, hosts: readonly string[]): UpstreamReference {
  const [, address = "", name, model] = /^openai:([^#]*)(?:#([^=]*)(?:=(.*))?)?$/s.exec(reference) ?? [];
  const url = URL.parse(address);
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.username !== "" || url.search !== "") {
    const sentence = `\`${reference}\` must be openai:URL#name, such as openai:http://127.0.0.1:8080/v1#name.`;
    throw new NodeError("CONFIG_INVALID", sentence, { details: { reference } });
  }
  if (!isLoopback(url.hostname) && !hosts.includes(url.hostname)) {
    const sentence = `${url.hostname} is not this machine: prompts of buyers would go there. Name it in \`upstreamHosts\` if it is yours.`;
    throw new NodeError("CONFIG_INVALID", sentence, { details: { host: url.hostname } });
  }
  return { url: address.replace(/\/+$/, ""), name: name || undefined, model: model || undefined };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}
