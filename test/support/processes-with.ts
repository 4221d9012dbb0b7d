import { readdir, readFile } from 'node:fs/promises';

/**
 * Returns the IDs of all processes, regardless of their parent, that were started with this folder for temporary files.
 */
export async function processesWith(temporary: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(ids.map((id) => readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')));
  return ids.filter((_, index) => environments[index]?.split('\0').includes(`TMPDIR=${temporary}`));
}
