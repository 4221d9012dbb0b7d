import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/proofload.js', import.meta.url));

/** How a command of proofload ended. */
export interface Outcome {
  exitCode: number;
  /** Its standard output, followed by its standard error. */
  output: string;
}

/** How to run a command. */
export interface Call {
  /** Ends the command. It cleans up before it exits. */
  signal: AbortSignal;
  /** Is called with each line of output while the command runs. */
  line?: (text: string) => void;
  environment?: NodeJS.ProcessEnv;
}

/**
 * Runs a command of proofload in a child process, and waits until it has ended. In this process, its output would mix
 * with the messages of the MCP server.
 *
 * @param args Such as `['run', 'chaos']`.
 */
export async function runCli(args: readonly string[], { signal, line, environment }: Call): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  const end = () => child.kill('SIGINT');
  signal.addEventListener('abort', end);
  const [output, errors]: [string[], string[]] = [[], []];
  createInterface(child.stdout).on('line', (text) => {
    output.push(text);
    line?.(text);
  });
  createInterface(child.stderr).on('line', (text) => errors.push(text));
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
      if (signal.aborted) end();
    });
    return { exitCode, output: [...output, ...errors].join('\n').trim() };
  } finally {
    signal.removeEventListener('abort', end);
  }
}
