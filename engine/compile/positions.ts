import { SourceMap } from 'node:module';

/** A place in a file; line and column from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds where something of a text that was made is in the text that it was made of. */
export type Locate = (position: Position) => Position;

/** @param mappings Of a source map with one source. */
export function locateBy(mappings: string): Locate {
  const map = new SourceMap({
    file: '',
    version: 3,
    sources: ['source'],
    sourcesContent: [],
    names: [],
    mappings,
    sourceRoot: '',
  });
  return ({ line, column }) => {
    const entry = map.findEntry(line - 1, column - 1);
    if (!('originalLine' in entry)) return { line, column };
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}
