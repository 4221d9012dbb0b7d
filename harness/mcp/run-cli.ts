import { fileURLToPath } from 'node:url';
import { ProofloadError } from '../base/errors.ts';
import { Child } from '../process/child.ts';
import { Reaper } from '../process/reaper.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/proofload.js', import.meta.url));

/** How long a command may take to clean up after it was interrupted, in milliseconds. Then it is killed. */
const GRACE_MS = 20_000;

/** How a command of proofload ended. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface Call {
  /** Ends the command. It cleans up before it exits. */
  readonly signal: AbortSignal;
  /** Is called with each line of output while the command runs. */
  readonly line?: (text: string, stream: 'stdout' | 'stderr') => void;
}

/**
 * Runs a command of proofload in a child process, and waits until it has ended. In this process, its output would mix
 * with the messages of the MCP server. The child also ends if this process is killed.
 *
 * @param args Such as `['run', 'chaos']`.
 */
export async function runCli(args: readonly string[], { signal, line }: Call): Promise<Outcome> {
  const output = { stdout: [] as string[], stderr: [] as string[] };
  await using reaper = new Reaper();
  await using child = await Child.start({
    command: [process.execPath, PROGRAM, ...args],
    environment: { ...(process.env as Record<string, string>), NO_COLOR: '1' },
    reaper,
    onLine(text, stream) {
      output[stream].push(text);
      line?.(text, stream);
    },
  });
  const end = () => void child.stop(GRACE_MS, 'SIGINT');
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const { code } = await child.exited;
  signal.removeEventListener('abort', end);
  return { exitCode: code ?? 1, stdout: output.stdout.join('\n').trim(), stderr: output.stderr.join('\n').trim() };
}

/** Returns a text of `init --yes` for clients, which answer a question by an argument. */
export const forClients = (text: string): string =>
  text.replace(/--set ([\w.-]+)=…, or answer on a terminal, without --yes/g, '{"answers":{"$1":"…"}}');

/** Most characters of each end of an error's text. */
const END = 1_500;

/**
 * Returns the error of a command that could not do its work. Standard error also contains progress: the error begins
 * with its code.
 */
export function errorOf({ stderr, stdout }: Outcome): Error {
  const from = stderr.search(/^[A-Z]{2,}(_[A-Z]+)*: /m);
  const printed = from >= 0 ? stderr.slice(from) : stderr || stdout;
  const text = forClients(printed);
  const short = text.length > 2 * END ? `${text.slice(0, END)}\n…\n${text.slice(-END)}` : text;
  const [, code, message] = /^([A-Z_]+): (.*)$/s.exec(short) ?? [];
  return code === undefined ? new Error(short) : new ProofloadError(code as ProofloadError['code'], message ?? '');
}
