import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

/** A program that tests start. */
export interface Program {
  /** Its command, without arguments. */
  readonly command: readonly [string, ...string[]];
  /** Its main module, if `WarmProcesses` may run that instead. */
  readonly main?: string;
}

/** What the tests start: the sources, the engine's bundle, or an installed package. */
export interface Product {
  /** Whether npm has installed it. */
  readonly isInstalled: boolean;
  /** The folder of the package. */
  readonly root: string;
  /** The package as npm packed it. Absent if it is not installed, or was installed from a registry. */
  readonly tarball?: string | undefined;
  /** Returns the program for an engine's command, which is its first argument. */
  engine(command?: string): Program;
  /** The command line, like the Makefile starts it. */
  readonly commandLine: Program;
  /** The command line, like npx starts it. */
  readonly bin: Program;
}

/** Returns a program and its arguments as `spawn` takes them. */
export const called = ({ command: [first, ...rest] }: Program, args: readonly string[]): [string, string[]] => [
  first,
  [...rest, ...args],
];

const nodeRuns = (main: string): Program => ({ command: [process.execPath, main], main });

const SOURCES: Product = {
  isInstalled: false,
  root: CHECKOUT,
  engine: () => nodeRuns(join(CHECKOUT, 'engine/main.ts')),
  commandLine: nodeRuns(join(CHECKOUT, 'harness/cli.ts')),
  bin: { command: [process.execPath, join(CHECKOUT, 'bin/proofload.js')] },
};

const bundles = (folder: string): Product => ({ ...SOURCES, engine: () => nodeRuns(join(folder, 'engine/main.js')) });

/** Always starts new processes, as users do. */
function installed(project: string): Product {
  const root = join(project, 'node_modules/proofload');
  const bin: Program = { command: [join(project, 'node_modules/.bin/proofload')] };
  // The lab starts this one.
  const engine: Program = { command: [process.execPath, join(root, 'bundles/engine/main.js')] };
  const packed = readdirSync(project).find((name) => name.endsWith('.tgz'));
  const tarball = packed && join(project, packed);
  return {
    isInstalled: true,
    root,
    tarball,
    engine: (command) => (command === 'run' ? bin : engine),
    commandLine: bin,
    bin,
  };
}

/**
 * The product under test. `PROOFLOAD_PRODUCT` names the folder of a project that has installed the package, or the
 * folder of the Makefile's bundles. By default, the tests start the sources.
 */
export const product: Product = productOf(process.env.PROOFLOAD_PRODUCT);

export function productOf(folder: string | undefined): Product {
  if (!folder) return SOURCES;
  const path = resolve(folder);
  if (existsSync(join(path, 'node_modules/.bin/proofload'))) return installed(path);
  if (existsSync(join(path, 'engine/main.js'))) return bundles(path);
  throw new Error(
    `PROOFLOAD_PRODUCT=${folder} is neither a project that has installed proofload nor a folder of bundles`,
  );
}
