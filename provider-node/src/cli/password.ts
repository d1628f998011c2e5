import { password as ask, isCancel } from "@clack/prompts";
import type { Settings } from "../config.ts";
import { NodeError } from "../errors.ts";
import { findPassword, readKeystoreAddress } from "../keystore.ts";
import type { Host } from "./host.ts";

const SHORTEST = 8;

/** The password of an existing key: from the settings, or asked where somebody can answer. */
export async function existingPassword(host: Host, settings: Settings): Promise<string> {
  await readKeystoreAddress(settings.keystore); // That there is no key comes before that there is no password.
  return await findPassword(
    settings,
    host.isInteractive ? () => askOnce(`Password of ${settings.keystore}`) : undefined,
  );
}

/** The password of a key that is being made; asked twice. */
export function newPassword(host: Host, settings: Settings): Promise<string> {
  return findPassword(settings, host.isInteractive ? askTwice : undefined);
}

async function askTwice(): Promise<string> {
  for (;;) {
    const first = await askOnce("New password of the key", (value) =>
      (value ?? "").length < SHORTEST ? `At least ${SHORTEST} characters.` : undefined,
    );
    if ((await askOnce("Once more")) === first) {
      return first;
    }
  }
}

async function askOnce(message: string, validate?: (value: string | undefined) => string | undefined): Promise<string> {
  const answer = await ask({ message, ...(validate && { validate }) });
  if (isCancel(answer)) {
    throw new NodeError("KEYSTORE_PASSWORD_MISSING", "No password was given.");
  }
  return answer;
}
