import { access, constants, statfs } from 'node:fs/promises';

/** The folder that Linux keeps in memory. */
const MEMORY = '/dev/shm';

/**
 * How much memory must be available, in bytes. A new server needs 40 MB, and more as the service stores data.
 */
const ENOUGH_BYTES = 4e9;

/**
 * Returns a folder that is kept in memory, or undefined if there is none, if memory is scarce, or if the user has chosen
 * a folder for temporary files (`TMPDIR`). A server has a thousand files, and some file systems take longer to create
 * each one if as many were removed shortly before: starting and ending servers one after another then takes twice the
 * processor time.
 */
export async function memoryFolder(
  { TMPDIR }: Readonly<NodeJS.ProcessEnv> = process.env,
  available = process.availableMemory(),
  folder = MEMORY,
): Promise<string | undefined> {
  if (TMPDIR || available < ENOUGH_BYTES) return undefined;
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < ENOUGH_BYTES ? undefined : folder;
  } catch {
    return undefined;
  }
}
