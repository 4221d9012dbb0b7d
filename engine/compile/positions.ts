import { SourceMap } from 'node:module';

/** A position in a file. Lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Maps a position in generated text to its source. */
export type Locate = (position: Position) => Position;

/** @param mappings The `mappings` of a source map with a single source. */
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
