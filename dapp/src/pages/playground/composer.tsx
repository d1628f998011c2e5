import { Send, Square } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Textarea } from "../../components/ui/input.tsx";

export interface ComposerProps {
  readonly canSend: boolean;
  /** An answer is under way. */
  readonly isBusy: boolean;
  readonly isConnected: boolean;
  /** Tells whether it was sent: what was not is kept. */
  readonly onSend: (prompt: string) => boolean;
  readonly onStop: () => void;
}

/** Where messages are written: Enter sends, Shift and Enter begin a line. */
export function Composer({ canSend, isBusy, isConnected, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState("");
  const send = () => {
    const prompt = text.trim();
    if (prompt !== "" && canSend && onSend(prompt)) {
      setText("");
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      className="sticky bottom-18 grid gap-1.5 bg-surface pt-2 md:bottom-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2">
        <Textarea
          aria-label="Your message"
          placeholder="Write a message"
          className="max-h-48 min-h-11 resize-none py-2.5 [field-sizing:content]"
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
        />
        {isBusy ? (
          <Button className="h-11" onClick={onStop}>
            <Square aria-hidden /> Stop
          </Button>
        ) : (
          <Button type="submit" variant="primary" className="h-11" disabled={!canSend || text.trim() === ""}>
            <Send aria-hidden /> Send
          </Button>
        )}
      </div>
      <p className="text-muted text-xs">
        {isConnected ? "Enter sends, Shift and Enter begin a new line." : "You will be asked to connect a wallet."}
      </p>
    </form>
  );
}
