import { SourceMap } from 'node:module';

/** A position in a file. Lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Maps a position in generated text to its source. */
export type Locate = (position: Position) => Position;

const EMPTY = { file: '', version: 3, sourcesContent: [], names: [], sourceRoot: '' };

/** @param mappings The `mappings` of a source map with a single source, or null if all positions are the same. */
export function locateBy(mappings: string | null): Locate {
  let map: SourceMap | undefined;
  return ({ line, column }) => {
    if (mappings === null) return { line, column };
    map ??= new SourceMap({ ...EMPTY, sources: ['source'], mappings });
    const entry = map.findEntry(line - 1, column - 1);
    if (!('originalLine' in entry)) return { line, column };
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}
