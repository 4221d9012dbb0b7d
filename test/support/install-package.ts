import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { User } from '../products/unprivileged-user.ts';

const run = promisify(execFile);

/** Returns a PATH without the programs of installed packages. */
export const withoutModules = (path = ''): string =>
  path
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
    .join(delimiter);

/** How to install the package. */
export interface Installation {
  /** The names of optional packages to install beside it. */
  readonly beside?: readonly string[];
  /** Who installs it. Defaults to the user of this process. */
  readonly user?: User | undefined;
  readonly signal?: AbortSignal;
  /** The package, if it is packed already. */
  readonly tarball?: string | undefined;
}

/**
 * Packs this package, and installs it in an empty folder, as a third-party project does.
 *
 * As in the Makefile, npm runs on the machine's own Node, whose global configuration may name a registry or a
 * certificate authority. npm asks the registry about the optional packages.
 *
 * @throws Error if npm fails
 */
export async function installPackage(project: string, given: Installation = {}): Promise<void> {
  const { beside = [], user, signal } = given;
  const env = { ...process.env, PATH: withoutModules(process.env.PATH), PACK_FOR_TESTS: '1' };
  await writeLock(project, beside);
  const pack = () => run('npm', ['pack', '--silent', '--pack-destination', project], { env, signal });
  const tarball = given.tarball ?? `./${(await pack()).stdout.trim().split('\n').at(-1)}`;
  if (user) await run('chown', ['-R', `${user.uid}:${user.gid}`, project]);
  const quiet = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  // The cache of this process's user may be set by a variable, and another user can't write to it.
  const own = user && { HOME: user.home, USER: user.name, npm_config_cache: join(user.home, '.npm') };
  const as = user ? { uid: user.uid, gid: user.gid, env: { ...env, ...own } } : { env };
  await run('npm', ['install', ...quiet, tarball], { cwd: project, signal, ...as });
}

/**
 * Writes a lock file with the versions that this project uses, so that npm doesn't have to request metadata for
 * hundreds of packages.
 */
async function writeLock(project: string, beside: readonly string[]): Promise<void> {
  const { dependencies: own, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const dependencies = { ...own, ...Object.fromEntries(beside.map((name) => [name, devDependencies[name]])) };
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const manifest = { name: 'somebody-elses', private: true, dependencies };
  const packages = { ...lock.packages, '': { name: manifest.name, dependencies } };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ ...lock, name: manifest.name, packages }));
}
