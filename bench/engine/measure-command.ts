import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a command took. */
export interface Measured {
  /** User and system CPU of all its threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly output: string;
}

/** bash times what it runs, of any kind, without a tool that a machine may lack. */
const TIMED = 'TIMEFORMAT="timed %U %S %R"; time "$@"';

/**
 * Runs a command to its end.
 *
 * @throws Error with what it wrote to stderr, where its exit code is not 0.
 */
export async function measureCommand(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
    env: { ...process.env, LC_ALL: 'C', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const [, user, system, wall] = /timed (\S+) (\S+) (\S+)/.exec(errors) ?? [];
  if (code !== 0 || wall === undefined) throw new Error(`${command.join(' ')} ended with ${code}: ${errors}`);
  return { cpuSeconds: Number(user) + Number(system), wallSeconds: Number(wall), output };
}
