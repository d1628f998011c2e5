// What `file-stores.ts` uses of Node. The rest of the SDK runs in browsers, so Node's types stay out of its project.

declare module "node:fs" {
  /** @returns A file descriptor. */
  export function openSync(path: string, flags: string, mode?: number): number;
  export function writeSync(descriptor: number, text: string): number;
  export function fsync(descriptor: number, callback: (error: Error | null) => void): void;
  export function closeSync(descriptor: number): void;
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function writeFileSync(
    path: string,
    text: string,
    options: { readonly mode: number; readonly flush: boolean },
  ): void;
  export function renameSync(from: string, to: string): void;
  export function mkdirSync(path: string, options: { readonly recursive: true }): string | undefined;
}

declare module "node:path" {
  export function dirname(path: string): string;
}
