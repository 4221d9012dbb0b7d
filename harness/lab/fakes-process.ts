import { fileURLToPath } from 'node:url';
import type { DeclaredUpstreams } from '../../mocks/declared-upstream.ts';
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
 * Starts upstreams as a process. They are passed to it on standard input, since settings may contain secrets.
 *
 * @throws Error with the output of the process if it ends or is not ready in time
 */
export async function startFakesProcess(upstreams: DeclaredUpstreams): Promise<RunningFakes> {
  const { child, ready } = await startUntilReady<Omit<RunningFakes, keyof AsyncDisposable>>({
    command: [process.execPath, MAIN, '--upstreams', '-', '--while-stdin-open'],
    says: JSON.stringify(upstreams),
  });
  return {
    ...ready,
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      await child.stop();
    },
  };
}
