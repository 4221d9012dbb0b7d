import { rolldown } from 'rolldown';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { openedFiles } from './opened-files.ts';

/** Imports that k6 resolves by itself; they stay in the bundle. */
const LEFT = /^(k6$|k6\/|https?:)/;

/** A script without imports except k6's own, and the files that it opens. */
export interface Bundle {
  readonly code: string;
  /** The contents by file name. Names contain only letters, digits, `-`, `.` and `_`. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Bundles a script and its imports into one module without types. k6's own modules, and modules that k6 loads from the
 * network, stay imports.
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE if the script or an import cannot be read, or if it opens a file that cannot
 *   be sent along.
 */
export async function bundleScript(path: string): Promise<Bundle> {
  const files = new Map<string, Buffer>();
  try {
    await using build = await rolldown({
      input: path,
      external: LEFT,
      plugins: [openedFiles(path, files)],
      logLevel: 'silent',
      tsconfig: false,
    });
    const { output } = await build.generate({ format: 'esm' });
    const missing = output[0].imports.filter((name) => !LEFT.test(name));
    if (missing.length > 0) {
      throw new ProofloadError(
        'NOT_DISTRIBUTABLE',
        `it imports what neither k6 nor this machine has: ${missing.join(', ')}`,
      );
    }
    return { code: output[0].code, files };
  } catch (error) {
    throw new ProofloadError('NOT_DISTRIBUTABLE', `${path} can't be bundled: ${reasonOf(error)}`, { cause: error });
  }
}

/** Returns the message of an error. The bundler wraps errors of plugins and colours their text. */
function reasonOf(error: unknown): string {
  const { errors } = error as { errors?: unknown[] };
  return messageOf(errors?.[0] ?? error);
}
