import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ProofloadError } from '../base/errors.ts';

const run = promisify(execFile);

/**
 * What runs k6 scripts. All engines are one command line: k6's own. They differ in what comes before it and in what
 * they inherit.
 */
export interface Engine {
  name: 'k6' | 'docker' | 'embedded';
  /** What the engine says of its version. */
  version: string;
  /**
   * The command up to and without `run`, for a job that reads and writes in the given folders. An engine that is a
   * container gets the name, and those variables of this process's environment.
   */
  command: (folders: readonly string[], name: string, variables: readonly string[]) => string[];
}

const EMBEDDED = fileURLToPath(new URL('../../engine/main.ts', import.meta.url));
/** Tells of pauses of the engine's event loop; another engine has none. */
const STALLS = new URL('../watch/report-stalls.ts', import.meta.url).href;
const IMAGE = process.env.K6_IMAGE ?? 'grafana/k6:1.6.1';

/**
 * Finds the engine.
 *
 * @param choice `k6` (the binary that `K6_BIN` names, or k6 on PATH), `docker` (the image that `K6_IMAGE` names),
 *   `embedded`, or `auto`: k6 where there is one, else embedded.
 * @throws ProofloadError ENGINE_NOT_FOUND where the chosen one does not answer; USAGE for any other choice.
 */
export async function findEngine(choice: string): Promise<Engine> {
  if (choice === 'embedded') return answer(embedded);
  if (choice === 'k6') return answer(k6);
  if (choice === 'docker') return answer(docker);
  if (choice === 'auto') return answer(k6).catch(() => answer(embedded));
  throw new ProofloadError('USAGE', `ENGINE=${choice}: it can be auto, k6, docker or embedded`);
}

type Kind = Omit<Engine, 'version'>;

const embedded: Kind = { name: 'embedded', command: () => [process.execPath, '--import', STALLS, EMBEDDED] };

const k6: Kind = { name: 'k6', command: () => [process.env.K6_BIN ?? 'k6'] };

const docker: Kind = {
  name: 'docker',
  command: (folders, name, variables) => [
    ...[
      'docker',
      'run',
      '--rm',
      '--init',
      `--name=${name}`,
      '--network=host',
      `--user=${process.getuid?.()}:${process.getgid?.()}`,
    ],
    ...folders.map((folder) => `--volume=${folder}:${folder}`),
    // Without a value: whoever lists the processes of the machine would read it.
    ...variables.map((variable) => `--env=${variable}`),
    IMAGE,
  ],
};

/** Settings of k6 itself: nothing is reported, nothing is downloaded. */
export const ENGINE_ENVIRONMENT = { K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' };

async function answer(kind: Kind): Promise<Engine> {
  const [file = '', ...args] = kind.command([], `proofload-version-${process.pid}`, []);
  try {
    const { stdout } = await run(file, [...args, 'version'], { timeout: 60_000 });
    return { ...kind, version: stdout.trim().split('\n')[0] ?? '' };
  } catch (error) {
    const said = (error as { stderr?: string; message: string }).stderr || (error as Error).message;
    throw new ProofloadError('ENGINE_NOT_FOUND', `ENGINE=${kind.name}: ${file} does not answer: ${said.trim()}`, {
      cause: error,
    });
  }
}
