import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';

/** What a file holds, and where in the file each part of it is. */
export interface Source {
  value: unknown;
  /** The line (from 1) of the part at a path, or of the nearest part around it; undefined where lines can't be told. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads a file of data: YAML, JSON (which YAML includes), or the default export of a module.
 *
 * @param path Absolute.
 * @throws Error where it can't be read, or is not well formed; the message has the line.
 */
export async function readSource(path: string): Promise<Source> {
  if (!/\.(ya?ml|json)$/.test(path)) {
    const { default: value } = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return { value, lineOf: () => undefined };
  }
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
