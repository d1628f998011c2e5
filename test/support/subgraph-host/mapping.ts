import { type ChainEvent, newEvent } from "./asc-events.ts";
import { AscHeap, type HeapExports } from "./asc-heap.ts";
import { hostFunctions, MappingAbort, type MappingContext } from "./host-functions.ts";

interface MappingExports extends HeapExports {
  _start(): void;
}

/** A compiled mapping file. */
export class Mapping {
  readonly #module: WebAssembly.Module;

  constructor(wasm: Uint8Array<ArrayBuffer>) {
    this.#module = new WebAssembly.Module(wasm);
  }

  /** The functions that it exports: its handlers are among them. */
  get exports(): readonly string[] {
    return WebAssembly.Module.exports(this.#module).map(({ name }) => name);
  }

  /** Runs a handler on an event, in an instance of its own, as graph-node does: nothing survives but what it stored. */
  run(handler: string, event: ChainEvent, context: MappingContext): void {
    let heap: AscHeap | undefined;
    const functions = hostFunctions(context, () => {
      if (heap === undefined) throw new MappingAbort("a mapping calls its host before it has started");
      return heap;
    });
    const instance = new WebAssembly.Instance(this.#module, this.#imports(functions));
    const exports = instance.exports as unknown as MappingExports & Record<string, (event: number) => void>;
    heap = new AscHeap(exports);
    exports._start();
    const run = exports[handler];
    if (run === undefined) throw new MappingAbort(`the mapping has no handler ${handler}`);
    run(newEvent(heap, event));
  }

  #imports(functions: ReturnType<typeof hostFunctions>): WebAssembly.Imports {
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name } of WebAssembly.Module.imports(this.#module)) {
      const missing = () => {
        throw new MappingAbort(`this host does not offer ${module} ${name}`);
      };
      const entries = imports[module] ?? {};
      entries[name] = functions[name] ?? missing;
      imports[module] = entries;
    }
    return imports;
  }
}
