import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { explain } from "../lib/explain.ts";

/** Not with the first page, which has no history. */
const loadIndex = () => import("./use-index.ts");

export interface Act<Input, Output> {
  /** What is done, for people: "Deposit". It names the notices. */
  readonly name: string;
  readonly run: (input: Input) => Promise<Output>;
  /** What to say when it is done. Nothing: no notice. */
  readonly done?: string | ((output: Output, input: Input) => string);
  readonly onDone?: (output: Output, input: Input) => void;
}

/**
 * Something that a press of a button does, a transaction most often: while it runs the button is busy, what fails is said in
 * plain words, and all that pages show is read anew after.
 */
export function useAct<Input = void, Output = unknown>({ name, run, done, onDone }: Act<Input, Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (output, input) => {
      const said = typeof done === "function" ? done(output, input) : done;
      if (said !== undefined) {
        toast.success(said);
      }
      onDone?.(output, input);
      // Or queries would be answered by what it read before; they tell what fails.
      await loadIndex()
        .then(({ refreshIndex }) => refreshIndex())
        .catch(() => undefined);
      await queries.invalidateQueries();
    },
    onError: (error) => {
      const { title, sentence } = explain(error);
      toast.error(`${name}: ${title}`, { description: sentence });
    },
  });
}
