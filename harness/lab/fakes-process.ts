import { fileURLToPath } from 'node:url';
import { startUntilReady } from '../process/ready-line.ts';

const MAIN = fileURLToPath(new URL('../../mocks/main.ts', import.meta.url));

/** Fakes that are up: where they are reached, and how they are ended. */
export interface RunningFakes extends AsyncDisposable {
  control: string;
  /** Their process; absent where they run in a container. */
  pid?: number;
  /** What lets a call of the control API in. */
  token: string;
  upstreams: Record<string, string>;
  /** The file, on this machine, of the certificate authority that signs for the upstreams. */
  ca: string;
}

/**
 * Starts the fakes as a process.
 *
 * @throws Error with what the process wrote, where it ends or says nothing in time.
 */
export async function startFakesProcess(): Promise<RunningFakes> {
  const { child, ready } = await startUntilReady<Omit<RunningFakes, keyof AsyncDisposable>>({
    command: [process.execPath, MAIN, '--while-stdin-open'],
  });
  return {
    ...ready,
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      await child.stop();
    },
  };
}
