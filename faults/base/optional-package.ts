import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

/** The packages that only some runs need. Users install them when a run needs them. */
export type OptionalPackage = keyof typeof manifest.peerDependencies;

/**
 * Returns the file URL of a package that only some runs need, or undefined if it is not installed. It is looked up
 * beside proofload and in the working directory, because `npx` installs proofload elsewhere.
 *
 * @param specifier A package or one of its entries, such as `rolldown/utils`.
 */
export function findOptional(specifier: string): string | undefined {
  const inWorkingFolder = () => pathToFileURL(createRequire(join(process.cwd(), 'any.js')).resolve(specifier)).href;
  for (const resolve of [() => import.meta.resolve(specifier), inWorkingFolder]) {
    try {
      return resolve();
    } catch {}
  }
  return undefined;
}

/** Returns the command that installs a package, such as `npm i -D rolldown@^1.2.19`, for the user's package manager. */
export function installCommand(name: OptionalPackage, folder = process.cwd(), environment = process.env): string {
  const add = ADD[packageManager(folder, environment)] as string;
  return `${add} ${name}@${manifest.peerDependencies[name]}`;
}

const ADD: Record<string, string> = {
  npm: 'npm i -D',
  pnpm: 'pnpm add -D',
  yarn: 'yarn add -D',
  bun: 'bun add -D',
};

const LOCKS: Record<string, string> = {
  'package-lock.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
};

/** Returns the package manager that wrote the nearest lock file, else the one that runs this process, else npm. */
function packageManager(folder: string, environment: NodeJS.ProcessEnv): string {
  const lock = Object.keys(LOCKS).find((name) => existsSync(join(folder, name)));
  if (lock !== undefined) return LOCKS[lock] as string;
  const parent = dirname(folder);
  if (parent !== folder) return packageManager(parent, environment);
  const running = /^\w+/.exec(environment.npm_config_user_agent ?? '')?.[0] ?? '';
  return Object.hasOwn(ADD, running) ? running : 'npm';
}
