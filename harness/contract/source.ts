import { stat } from 'node:fs/promises';
import { importModule } from '../../faults/base/import-module.ts';
import { openFile } from '../../faults/base/read-text.ts';
import { linesOfModule } from './module-lines.ts';

/** A file's content, and the line number of each part. */
export interface Source {
  value: unknown;
  /**
   * Returns the line number (from 1) of the part at the given path, or of the closest part that contains it. Returns
   * undefined if line numbers are not available.
   */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Maximum file size in bytes. A larger file is not a contract, and parsing it would take minutes. */
const MOST_BYTES = 512 * 1024;

/** Maximum time to load a module, in milliseconds. */
const LOAD_MS = 10_000;

/**
 * Reads a data file: YAML, JSON (which is a subset of YAML), or the default export of a module.
 *
 * @param path An absolute path.
 * @throws Error if the file can't be read, is too large, or is malformed. The message contains the line number.
 */
export async function readSource(path: string): Promise<Source> {
  if ((await stat(path)).isDirectory())
    throw new Error('it is a folder; allowed: a YAML or JSON file, or a TypeScript or JavaScript module');
  await using file = await openFile(path);
  if (!/\.(ya?ml|json)$/.test(path)) return { value: await importDefault(path), lineOf: linesOfModule(path) };
  const { size } = await file.stat();
  if (size > MOST_BYTES) throw new Error(`it has ${size} bytes; allowed: ${MOST_BYTES}`);
  const { isMap, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(await file.readFile('utf8'), { lineCounter: lines, merge: true });
  const [problem] = document.errors;
  if (problem) throw problem;
  // The value of a key may begin in a later line.
  const keyAt = (place: readonly PropertyKey[]) => {
    const map = document.getIn(place.slice(0, -1), true);
    const entry = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === place.at(-1)) : undefined;
    return entry?.key;
  };
  return {
    value: document.toJS(),
    lineOf(place) {
      for (let length = place.length; length >= 0; length -= 1) {
        const at = keyAt(place.slice(0, length)) ?? document.getIn(place.slice(0, length), true);
        const { range } = (at ?? {}) as { range?: [number, number, number] };
        if (range) return lines.linePos(range[0]).line;
      }
      return undefined;
    },
  };
}

async function importDefault(path: string): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not load within ${LOAD_MS / 1_000} s`)), LOAD_MS);
  try {
    return (await Promise.race([importModule(path), late])).default;
  } finally {
    clearTimeout(timer);
  }
}
