import { fileURLToPath } from 'node:url';
import { startUntilReady } from '../../process/ready-line.ts';
import type { Reaper } from '../../process/reaper.ts';
import { installedBinaries } from './postgres-binaries.ts';
import type { Postgres } from './running-postgres.ts';
import { ServerSwitch } from './server-switch.ts';

const MAIN = fileURLToPath(new URL('embedded-postgres.ts', import.meta.url));

/** Timeout for stopping or restarting the server, in milliseconds. */
const LIMIT_MS = 30_000;

/** An embedded server that can crash. */
export interface EmbeddedPostgres extends Postgres {
  /** Kills the server with SIGKILL. Resolves when it has exited. */
  crash(): Promise<void>;
  /** Starts the server again with its data from before the crash. */
  restart(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL in a separate process.
 *
 * @param reason Why this kind of server was chosen, for display.
 * @param settings `name=value` pairs for postgresql.conf.
 * @param data A copy of another server's data, with which it starts. By default, it is empty.
 * @throws ProofloadError PACKAGE_MISSING
 * @throws Error with the process's output if it exits or is not ready in time
 */
export async function startEmbedded(
  reason: string,
  settings: readonly string[] = [],
  reaper?: Reaper,
  data?: string,
): Promise<EmbeddedPostgres> {
  installedBinaries();
  let gone: string | undefined;
  let answered = Promise.withResolvers<string | undefined>();
  const { child, ready } = await startUntilReady<{ url: string }>({
    command: [
      process.execPath,
      MAIN,
      ...settings.map((setting) => `--setting=${setting}`),
      ...(data === undefined ? [] : [`--data=${data}`]),
    ],
    reaper,
    onLine: (line, stream) => {
      if (stream === 'stdout' && line.startsWith('{"ended":'))
        gone ??= `the server ended with ${(JSON.parse(line) as { ended: string }).ended}`;
      if (stream !== 'stdout' || !line.startsWith('{"done":')) return;
      const { problem, result } = JSON.parse(line) as { problem?: string; result?: string };
      if (problem === undefined) answered.resolve(result);
      else answered.reject(new Error(problem));
    },
  });
  child.exited.then(({ code, signal }) => {
    gone ??= `its process ended with ${signal ?? `exit code ${code}`}`;
  });
  const ask = async (what: 'stop' | 'start' | 'crash' | 'copy'): Promise<string | undefined> => {
    answered = Promise.withResolvers();
    const failed = (why: string) => answered.reject(new Error(`the embedded server did not ${what}: ${why}`));
    const timer = setTimeout(() => failed(`no answer in ${LIMIT_MS / 1_000} s`), LIMIT_MS);
    child.exited.then(() => failed('its process is gone'));
    child.say(what);
    return answered.promise.finally(() => clearTimeout(timer));
  };
  const order = async (what: 'stop' | 'start' | 'crash') => {
    await ask(what);
  };
  return {
    description: `embedded PostgreSQL (${reason})`,
    adminUrl: ready.url,
    pid: child.pid,
    server: new ServerSwitch({ stop: () => order('stop'), start: () => order('start') }),
    gone: () => gone,
    copy: async () => String(await ask('copy')),
    crash: () => order('crash'),
    restart: () => order('start'),
    [Symbol.asyncDispose]: async () => {
      await child.stop();
    },
  };
}
