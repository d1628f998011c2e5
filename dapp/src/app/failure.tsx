import { useRouteError } from "react-router";
import { Button } from "../components/ui/button.tsx";
import { explain } from "../lib/explain.ts";

/** A page that broke: in words, and with a way on. What it was is on the console, for who mends it. */
export function RouteFailure() {
  const error = useRouteError();
  console.error(error);
  const isMissing = (error as { readonly status?: number } | undefined)?.status === 404;
  const { sentence } = explain(error);
  return (
    <Failure
      title={isMissing ? "There is no such page" : "This page broke"}
      sentence={isMissing ? "The address may be mistyped, or of an older version." : sentence}
    />
  );
}

/** Fills the window where nothing else can be shown. */
export function Failure({ title, sentence }: { readonly title: string; readonly sentence: string }) {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-3 p-6 text-center">
      <img src="./icon.svg" alt="" className="size-10" />
      <h1 className="font-semibold text-xl">{title}</h1>
      <p role="alert" className="max-w-md text-muted text-sm">
        {sentence}
      </p>
      <div className="mt-2 flex gap-2">
        <Button variant="primary" onClick={() => location.reload()}>
          Load again
        </Button>
        <Button asChild>
          <a href="./#/">To the start</a>
        </Button>
      </div>
    </main>
  );
}
