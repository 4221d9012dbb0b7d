import { faultFiles } from '../../faults/own/fault-files.ts';
import type { DeclaredUpstreams } from '../../mocks/declared-upstream.ts';
import { mainOf } from '../process/main-of.ts';
import { startUntilReady } from '../process/ready-line.ts';

export interface RunningFakes extends AsyncDisposable {
  control: string;
  /** Their process ID. */
  pid: number;
  /** The control API's token. */
  token: string;
  upstreams: Record<string, string>;
  /** The URL of the proxy for hosts that are fixed in the service's code, with its token. Absent if none is needed. */
  proxy?: string;
  /** The path, on this machine, to the CA certificate that clients have to trust. */
  ca: string;
}

/**
 * Starts upstreams as a process. They are passed to it on standard input, because settings may contain secrets.
 *
 * @throws Error with the process's output if it exits or is not ready in time
 */
export async function startFakesProcess(upstreams: DeclaredUpstreams): Promise<RunningFakes> {
  const ownFaults = faultFiles.flatMap((file) => ['--fault', file]);
  const { child, ready } = await startUntilReady<Omit<RunningFakes, keyof AsyncDisposable>>({
    command: [process.execPath, mainOf('mocks'), '--upstreams', '-', '--while-stdin-open', ...ownFaults],
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
