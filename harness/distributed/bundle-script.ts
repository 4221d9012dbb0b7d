import { fileURLToPath } from 'node:url';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { importOptional } from '../base/import-optional.ts';
import { openedFiles } from './opened-files.ts';

/** Imports that k6 itself resolves. They remain in the bundle. */
const LEFT = /^(k6$|k6\/|https?:)/;

/** The module that a team's own scenarios import as `proofload/scenario`. */
const LIBRARY = fileURLToPath(new URL('../../scenarios/lib/index.ts', import.meta.url));

/** The name of the module that is bundled instead of the script itself. */
const ENTRY = '\0entry';

/** A script that imports only k6's own modules, and the files that it opens. */
export interface Bundle {
  readonly code: string;
  /** The names of the script's exports. */
  readonly exports: readonly string[];
  /** File contents by name. Names contain only letters, digits, `-`, `.` and `_`. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Bundles a script and its imports into one module without types. Imports of k6's own modules, and of modules that k6
 * loads from the network, are kept.
 *
 * @param entry The code of a module to bundle instead of the script, which it may import by `path`.
 * @throws ProofloadError NOT_DISTRIBUTABLE if the script or an import can't be read, or if it opens a file that can't
 * be included, or PACKAGE_MISSING
 */
export async function bundleScript(path: string, entry?: string): Promise<Bundle> {
  const { rolldown } = await importOptional('rolldown', 'bundling a script');
  const files = new Map<string, Buffer>();
  try {
    await using build = await rolldown({
      input: entry === undefined ? path : ENTRY,
      external: LEFT,
      resolve: { alias: { 'proofload/scenario': LIBRARY } },
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === ENTRY ? id : null),
          load: (id) => (id === ENTRY ? (entry ?? null) : null),
        },
        openedFiles(path, files, await importOptional('rolldown/utils', 'bundling a script')),
      ],
      logLevel: 'silent',
      tsconfig: false,
    });
    const { output } = await build.generate({ format: 'esm' });
    const missing = output[0].imports.filter((name) => !LEFT.test(name));
    if (missing.length > 0) {
      throw new ProofloadError(
        'NOT_DISTRIBUTABLE',
        `it imports modules that are missing in k6 and on this machine: ${missing.join(', ')}`,
      );
    }
    return { code: output[0].code, exports: output[0].exports, files };
  } catch (error) {
    throw new ProofloadError('NOT_DISTRIBUTABLE', `${path} can't be bundled: ${reasonOf(error)}`, { cause: error });
  }
}

/** Returns an error's message. The bundler wraps errors from plugins and adds colors to their text. */
function reasonOf(error: unknown): string {
  const { errors } = error as { errors?: unknown[] };
  return messageOf(errors?.[0] ?? error);
}
