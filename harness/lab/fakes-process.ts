import { fileURLToPath } from 'node:url';
import { startUntilReady } from '../process/ready-line.ts';

const MAIN = fileURLToPath(new URL('../../mocks/main.ts', import.meta.url));

/** Running fakes. */
export interface RunningFakes extends AsyncDisposable {
  control: string;
  /** Their process; absent if they run in a container. */
  pid?: number;
  /** The control API's token. */
  token: string;
  upstreams: Record<string, string>;
  /** The file, on this machine, with the certificate of the CA that clients have to trust. */
  ca: string;
}

/**
 * Starts the fakes as a process.
 *
 * @throws Error with the output of the process if it ends or is not ready in time
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
