import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a regular file to read it. A pipe without a writer would never be opened, and one with a writer, or a device,
 * would be read for ever.
 *
 * @throws Error if it is anything else, such as a folder, a pipe, a socket or a device, or if it can't be opened
 */
export async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('it is no regular file; allowed: a file');
}

/** Returns the text of a regular file. Throws as `openFile` does. */
export async function readText(path: string): Promise<string> {
  await using file = await openFile(path);
  return await file.readFile('utf8');
}
