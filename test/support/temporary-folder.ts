import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The contents of files by their paths in a folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Returns a new folder with these files, which is removed when the test has finished. Not for concurrent tests. */
export async function temporaryFolder(files: Files = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'proofload-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFiles(folder, files);
  return folder;
}

/** Writes files into a folder, with the folders that they need. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Returns the path of a file with this text, in a new folder that is removed when the test has finished. */
export const temporaryFile = async (name: string, text: string): Promise<string> =>
  join(await temporaryFolder({ [name]: text }), name);
