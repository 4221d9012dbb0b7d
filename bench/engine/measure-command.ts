import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** The resources used by a command. */
export interface Measured {
  /** User and system CPU time of all threads, in seconds. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly output: string;
}

/** The `time` keyword of bash measures any command without requiring another tool. */
const TIMED = 'TIMEFORMAT="timed %U %S %R"; time "$@"';

/**
 * Runs a command and measures it.
 *
 * @throws Error with the command's stderr if its exit code is not 0
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
