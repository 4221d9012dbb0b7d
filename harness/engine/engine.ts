import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { versionLine } from '../../engine/index.ts';
import { ProofloadError } from '../base/errors.ts';
import { SETTINGS } from '../base/settings.ts';
import { mainOf } from '../process/main-of.ts';

const run = promisify(execFile);

/**
 * An engine that runs k6 scripts. All engines have k6's command-line interface. They differ in the command that
 * precedes its arguments and in the environment that they inherit.
 */
export interface Engine {
  name: 'k6' | 'docker' | 'embedded';
  /** The output of the engine's `version` command. */
  version: string;
  /**
   * Returns the part of the command that precedes `run`, for a job that reads and writes the given folders. The name
   * and the listed environment variables are passed to a container.
   */
  command: (folders: readonly string[], name: string, variables: readonly string[]) => string[];
}

/** The module that reports pauses of the embedded engine's event loop. Other engines can't report them. */
const STALLS = new URL('../watch/report-stalls.ts', import.meta.url).href;
const IMAGE = process.env.K6_IMAGE ?? SETTINGS.K6_IMAGE.usual;

/**
 * Finds an engine.
 *
 * @param choice `k6` (the binary in `K6_BIN`, or k6 on PATH), `docker` (the image in `K6_IMAGE`), `embedded`, or
 * `auto`, which uses k6 if it is available and otherwise the embedded engine.
 * @throws ProofloadError ENGINE_NOT_FOUND if the chosen engine does not respond, or USAGE for any other choice
 */
export async function findEngine(choice: string): Promise<Engine> {
  if (choice === 'embedded') return embedded;
  if (choice === 'k6') return answer(k6);
  if (choice === 'docker') return answer(docker);
  if (choice === 'auto') return answer(k6).catch(() => embedded);
  throw new ProofloadError('USAGE', `ENGINE=${choice} is not valid; allowed: auto, k6, docker or embedded`);
}

type Kind = Omit<Engine, 'version'>;

const embedded: Engine = {
  name: 'embedded',
  // It runs on this Node, so there is no need to start it.
  version: versionLine(),
  // Larger young generations need fewer collections: a script takes about a tenth less processor time.
  command: () => [
    process.execPath,
    '--min-semi-space-size=16',
    '--max-semi-space-size=32',
    '--import',
    STALLS,
    mainOf('engine'),
  ],
};

const k6: Kind = { name: 'k6', command: () => [process.env.K6_BIN ?? 'k6'] };

const docker: Kind = {
  name: 'docker',
  command: (folders, name, variables) => [
    'docker',
    'run',
    '--rm',
    '--init',
    `--name=${name}`,
    '--network=host',
    `--user=${process.getuid?.()}:${process.getgid?.()}`,
    ...folders.map((folder) => `--volume=${folder}:${folder}`),
    // Don't pass the values, because every user on the machine can list arguments.
    ...variables.map((variable) => `--env=${variable}`),
    IMAGE,
  ],
};

/**
 * Settings for k6 that disable the usage report and downloads, and the largest body that the embedded engine reads. k6
 * itself has no such limit.
 */
export const ENGINE_ENVIRONMENT = {
  K6_NO_USAGE_REPORT: 'true',
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  K6_MAX_BODY_SIZE: process.env.K6_MAX_BODY_SIZE ?? SETTINGS.K6_MAX_BODY_SIZE.usual,
};

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
