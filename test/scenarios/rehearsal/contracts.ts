import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a small contract promises. */
export interface Part {
  endpoints?: object;
  upstreams?: object;
  fast?: object;
  /** The profiles beside `fast`. */
  others?: object;
  [promise: string]: unknown;
}

/** Small contracts by what they have, which completes "a contract with …". */
export type Parts = Readonly<Record<string, Part>>;

/**
 * The contracts of all files in contracts/, each with a part of what a contract can promise. A scenario that none of
 * them is enough for brings a file with another one.
 */
export const PARTS: readonly [name: string, part: Part][] = (
  await Array.fromAsync(glob('contracts/*.ts', { cwd: import.meta.dirname }), partsIn)
).flatMap(Object.entries);

async function partsIn(file: string): Promise<Parts> {
  const path = pathToFileURL(join(import.meta.dirname, file)).href;
  return ((await import(path)) as { default: Parts }).default;
}
