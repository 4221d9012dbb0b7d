import { existsSync } from 'node:fs';
import { cp, glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProofloadError } from '../base/errors.ts';
import { importOptional } from '../base/import-optional.ts';
import { packageClosure } from './package-closure.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = join(ROOT, 'package-lock.json');
const TAG = 'localhost/proofload-fakes:latest';

/** The folders that contain the fakes. */
const SOURCES = ['mocks', 'faults'];

/** The only other file that they import. */
const CLOCK = 'engine/base/epoch-clock.ts';

/** Runs MSW handlers in a separate process, and needs a bundler. The fakes in a container refuse handlers. */
const NOT_IN_CONTAINER = 'faults/sources/handlers/**';

/** Files in packages that are not needed at run time. */
const UNREAD = /\.(d\.[cm]?ts|map|md|markdown)$/;

/**
 * Builds the fakes' image from mocks/Dockerfile, using the base image specified by `FAKES_BASE_IMAGE` (default
 * node:24-slim). Packages are copied from this project's node_modules, so the build needs no network, and the image
 * doesn't contain npm.
 *
 * @returns The image's name.
 * @throws ProofloadError USAGE in an installed package, which has no lock file
 * @throws The error from Testcontainers if no container engine is available or the base image can't be pulled
 */
export async function buildFakesImage(): Promise<string> {
  if (!existsSync(LOCK)) {
    throw new ProofloadError(
      'USAGE',
      'FAKES=container needs FAKES_IMAGE here: the name of an image that "make fakes-image" built in a checkout of proofload',
    );
  }
  const { GenericContainer } = await importOptional('testcontainers', 'FAKES=container');
  const context = await mkdtemp(join(tmpdir(), 'proofload-image-'));
  try {
    await fillContext(context);
    const base = process.env.FAKES_BASE_IMAGE;
    const builder = GenericContainer.fromDockerfile(context, 'mocks/Dockerfile');
    await builder.withBuildArgs(base ? { BASE: base } : {}).build(TAG, { deleteOnExit: false });
    return TAG;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Copies the fakes' sources, package.json, and all packages that they import, including their dependencies. */
async function fillContext(context: string): Promise<void> {
  const { packages } = JSON.parse(await readFile(LOCK, 'utf8'));
  for (const path of [...SOURCES, CLOCK, 'package.json'])
    await cp(join(ROOT, path), join(context, path), { recursive: true });
  for (const folder of packageClosure(packages, await importedPackages())) {
    const source = join(ROOT, folder);
    await cp(source, join(context, folder), {
      recursive: true,
      // Packages in a package's own node_modules are either part of the closure themselves or not needed.
      filter: (path) => !UNREAD.test(path) && !path.slice(source.length).includes('node_modules'),
    });
  }
}

/** Returns the names of the packages that the fakes' files import. */
async function importedPackages(): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const file of glob(
    SOURCES.map((folder) => `${folder}/**/*.ts`),
    { cwd: ROOT, exclude: [NOT_IN_CONTAINER] },
  )) {
    const source = await readFile(join(ROOT, file), 'utf8');
    for (const [, specifier = ''] of source.matchAll(/^(?:import|export|\}) (?:.* ?from )?'([^'.][^']*)'/gm)) {
      if (!specifier.startsWith('node:')) names.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    }
  }
  return names;
}

if (import.meta.main) console.log(await buildFakesImage());
