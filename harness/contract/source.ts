import { readFile, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';

/** What a file holds, and where in the file each part of it is. */
export interface Source {
  value: unknown;
  /** The line (from 1) of the part at a path, or of the nearest part around it; undefined where lines can't be told. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Bytes that a file of data may have: what is larger is no contract, and takes the parser minutes. */
const MOST_BYTES = 512 * 1024;

/** Milliseconds that a module may take to load. */
const LOAD_MS = 10_000;

/**
 * Reads a file of data: YAML, JSON (which YAML includes), or the default export of a module.
 *
 * @param path Absolute.
 * @throws Error if it can't be read, is too large or is not well formed; the message has the line.
 */
export async function readSource(path: string): Promise<Source> {
  const file = await stat(path);
  if (file.isDirectory())
    throw new Error('it is a folder; it can be a file of YAML or JSON, or a TypeScript or JavaScript module');
  if (!/\.(ya?ml|json)$/.test(path)) return { value: await importDefault(path), lineOf: () => undefined };
  if (file.size > MOST_BYTES) throw new Error(`it has ${file.size} bytes; it can have ${MOST_BYTES}`);
  const lines = new LineCounter();
  const document = parseDocument(await readFile(path, 'utf8'), { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) throw problem;
  return {
    value: document.toJS(),
    lineOf(asked) {
      for (let length = asked.length; length >= 0; length -= 1) {
        const node = document.getIn(asked.slice(0, length), true) as { range?: [number, number, number] } | undefined;
        if (node?.range) return lines.linePos(node.range[0]).line;
      }
      return undefined;
    },
  };
}

async function importDefault(path: string): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not load within ${LOAD_MS / 1_000} s`)), LOAD_MS);
  try {
    const { default: value } = (await Promise.race([import(pathToFileURL(path).href), late])) as { default?: unknown };
    return value;
  } finally {
    clearTimeout(timer);
  }
}
