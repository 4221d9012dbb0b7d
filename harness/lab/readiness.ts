import { createServer } from 'node:net';
import { now, pause } from '../clock.ts';

/** Whether an address answers 2xx before the limit (in milliseconds), while the process that should answer is there. */
export async function isReady(process: { running: boolean }, url: string, limitMs: number): Promise<boolean> {
  const deadline = now() + limitMs;
  while (process.running && now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
    await pause(25);
  }
  return false;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
