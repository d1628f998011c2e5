import { Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { toast } from "sonner";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Select, Textarea } from "../../components/ui/input.tsx";
import { cn } from "../../lib/cn.ts";
import { formatCount } from "../../lib/format.ts";
import { formatOf, type LineFault, type ReadRequests, type RequestFormat } from "../../lib/read-requests.ts";
import type { Draft } from "./use-draft.ts";

export interface RequestEditorProps {
  readonly draft: Draft;
  readonly read: ReadRequests;
  readonly change: (part: Partial<Draft>) => void;
}

const FORMATS: readonly { readonly format: RequestFormat; readonly name: string; readonly example: string }[] = [
  { format: "text", name: "Text", example: "Tell a story about a brave fox\nTell a story about a lost key" },
  {
    format: "jsonl",
    name: "JSON Lines",
    example:
      '{"prompt": "Tell a story about a fox"}\n{"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 64}',
  },
  {
    format: "csv",
    name: "CSV",
    example: "id,prompt\n1,Tell a story about a brave fox\n2,Tell a story about a lost key",
  },
];

const HINTS: Readonly<Record<RequestFormat, string>> = {
  text: "One prompt a line.",
  jsonl: 'One object a line: {"prompt"}, or a chat request as OpenAI has it.',
  csv: "The first line names the columns.",
};

const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** Where prompts are typed, pasted or dropped as a file. */
export function RequestEditor({ draft, read, change }: RequestEditorProps) {
  const take = async (file: File | undefined) => {
    if (file === undefined) {
      return;
    }
    if (file.size > MAX_FILE_BYTES) {
      toast.error(`${file.name} is too large`, { description: "Split it into files of at most 32 MB, one job each." });
      return;
    }
    const text = await file.text();
    change({ text, format: formatOf(text, file.name), column: undefined });
  };
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <FormatChoice format={draft.format} onChange={(format) => change({ format })} />
        <FileButton onFile={(file) => void take(file)} />
      </div>
      <PromptArea
        draft={draft}
        isWrong={read.faults.length > 0}
        onChange={(text) => change({ text })}
        onFile={(file) => void take(file)}
      />
      {draft.format === "csv" && read.columns.length > 0 && (
        <Field label="Column with the prompts">
          {(control) => (
            <Select {...control} value={read.column} onChange={({ target }) => change({ column: target.value })}>
              {read.columns.map((column) => (
                <option key={column}>{column}</option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <p role="status" className="text-muted text-sm">
        {read.requests.length === 1 ? "1 prompt" : `${formatCount(read.requests.length)} prompts`} to answer
      </p>
      <Faults faults={read.faults} />
    </div>
  );
}

interface PromptAreaProps {
  readonly draft: Draft;
  readonly isWrong: boolean;
  readonly onChange: (text: string) => void;
  readonly onFile: (file: File | undefined) => void;
}

/** The prompts as text; a file that is dropped on it takes their place. */
function PromptArea({ draft, isWrong, onChange, onFile }: PromptAreaProps) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <Field label="Prompts" hint={`${HINTS[draft.format]} Or drop a file here.`}>
      {(control) => (
        <Textarea
          {...control}
          aria-invalid={isWrong}
          value={draft.text}
          placeholder={FORMATS.find(({ format }) => format === draft.format)?.example}
          spellCheck={false}
          rows={10}
          onChange={({ target }) => onChange(target.value)}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          className={cn("resize-y font-mono text-[0.85rem]", isOver && "border-streak bg-raised")}
        />
      )}
    </Field>
  );
}

interface FormatChoiceProps {
  readonly format: RequestFormat;
  readonly onChange: (format: RequestFormat) => void;
}

function FormatChoice({ format: chosen, onChange }: FormatChoiceProps) {
  return (
    <fieldset className="flex rounded-md border p-0.5">
      <legend className="sr-only">How the prompts are written</legend>
      {FORMATS.map(({ format, name }) => (
        <label
          key={format}
          className={cn(
            "cursor-pointer rounded px-3 py-1 text-sm has-focus-visible:outline-2 has-focus-visible:outline-ring",
            format === chosen ? "bg-raised font-medium" : "text-muted hover:text-foreground",
          )}
        >
          <input
            type="radio"
            name="format"
            className="sr-only"
            checked={format === chosen}
            onChange={() => onChange(format)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function FileButton({ onFile }: { readonly onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="sm" onClick={() => input.current?.click()}>
        <Upload aria-hidden />
        Open a file
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File with prompts"
        accept=".txt,.jsonl,.ndjson,.csv,.tsv,text/plain,text/csv"
        onChange={({ target }) => {
          onFile(target.files?.[0]);
          target.value = "";
        }}
      />
    </>
  );
}

const SHOWN = 8;

/** Every line that cannot be read, as many as help. */
function Faults({ faults }: { readonly faults: readonly LineFault[] }) {
  if (faults.length === 0) {
    return null;
  }
  const title = faults.length === 1 ? "One line cannot be used" : `${formatCount(faults.length)} lines cannot be used`;
  return (
    <Alert tone="warn" title={`${title}. Mend them, or take them out.`}>
      <ul className="grid gap-1">
        {faults.slice(0, SHOWN).map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            <span className="font-medium text-foreground">Line {formatCount(line)}:</span> {message}
          </li>
        ))}
      </ul>
      {faults.length > SHOWN && <p className="mt-1">And {formatCount(faults.length - SHOWN)} more.</p>}
    </Alert>
  );
}
