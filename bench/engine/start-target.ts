import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The target's URLs: plain HTTP, and over TLS with HTTP/1.1 and HTTP/2. */
export interface Origins {
  readonly http: string;
  readonly https: string;
  readonly http2: string;
}

/** The server under load. */
export interface Target {
  readonly origins: Origins;
  /** Returns the requests received since the previous call. */
  seen(): Promise<Seen>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Seen {
  readonly served: number;
  /** For each request with an `n` header, its value and the arrival time in milliseconds. */
  readonly arrivals: readonly (readonly [n: number, at: number])[];
}

/** Starts the target in a separate process, which exits together with the current process. */
export async function startTarget(): Promise<Target> {
  const file = fileURLToPath(new URL('target.ts', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then(([code]) => Promise.reject(new Error(`the target ended with ${code} before it listened`))),
  ])) as [Buffer];
  const origins = JSON.parse(String(line)) as Origins;
  return {
    origins,
    seen: async () => (await fetch(`${origins.http}/seen`)).json() as Promise<Seen>,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
