/** The process around a command, so that nothing but `main.ts` touches it. */
export interface Host {
  /** Without the program and the script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  /** Results go here, and nothing else. */
  readonly stdout: NodeJS.WritableStream;
  /** Logs, questions and errors. */
  readonly stderr: NodeJS.WritableStream;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** Whether somebody reads stderr along. */
  readonly isTerminal: boolean;
  /** Calls back on each request to stop (SIGTERM, SIGINT); gives what ends that. */
  onStopRequest(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): never;
  /** Sends a signal to another process; 0 only asks whether it is there. False: it is not. */
  signal(pid: number, signal: "SIGTERM" | 0): boolean;
}
