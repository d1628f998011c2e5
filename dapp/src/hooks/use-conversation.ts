import { useSyncExternalStore } from "react";
import { Conversation, type Turn } from "../lib/conversation.ts";

/** One for the life of the page. */
export const conversation = new Conversation();

const subscribe = (listener: () => void) => conversation.subscribe(listener);

/** What was said so far. */
export function useTurns(): readonly Turn[] {
  return useSyncExternalStore(subscribe, () => conversation.turns);
}
