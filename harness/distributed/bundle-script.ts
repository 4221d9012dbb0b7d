import { rolldown } from 'rolldown';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { openedFiles } from './opened-files.ts';

/** Imports that are left as they are: k6 resolves them. */
const LEFT = /^(k6$|k6\/|https?:)/;

/** A script that needs nothing but k6, and the files that it opens beside it. */
export interface Bundle {
  readonly code: string;
  /** Contents by name; names are of letters, digits, `-`, `.` and `_`. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Puts a script and all that it imports into one module without types. k6's own modules, and those that k6 loads from the
 * network, stay imports.
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE where the script or an import of it can't be read, or opens what can't be sent along.
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

/** The bundler wraps what a plugin threw, and paints it. */
function reasonOf(error: unknown): string {
  const { errors } = error as { errors?: unknown[] };
  return messageOf(errors?.[0] ?? error);
}
