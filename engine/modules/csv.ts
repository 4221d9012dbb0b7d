import { GoError } from '../base/errors.ts';
import type { Vu } from '../vu/vu.ts';
import { readOnly } from './data.ts';
import { ScriptFile } from './fs.ts';
import { parseCsv } from './parse-csv.ts';

interface CsvOptions {
  readonly delimiter?: string;
  readonly skipFirstLine?: boolean;
  readonly fromLine?: number;
  readonly toLine?: number;
  readonly asObjects?: boolean;
}

/** Implements `k6/experimental/csv`. Lines are numbered from 0, and the header is line 0. */
export function createCsvModule(vu: Vu): object {
  const parse = async (file: unknown, options: CsvOptions = {}): Promise<object> => {
    if (vu.phase !== 'init') throw new GoError('parse() is only available in the init context');
    return readOnly(Array.from(rowsOf(file, options), (row) => JSON.stringify(withSortedNames(row))));
  };
  class Parser {
    readonly #rows: Iterator<unknown>;

    constructor(file: unknown, options: CsvOptions = {}) {
      if (vu.phase !== 'init') throw new GoError('csv Parser constructor must be called in the init context');
      this.#rows = rowsOf(file, options);
    }

    async next(): Promise<{ done: boolean; value: unknown }> {
      const { done, value } = this.#rows.next();
      return { done: done === true, value: done ? [] : value };
    }
  }
  return { parse, Parser };
}

/** As in k6, where only the objects of a `Parser` keep the order of the columns. */
const withSortedNames = (row: unknown): unknown =>
  Array.isArray(row) ? row : Object.fromEntries(Object.entries(row as object).sort());

/**
 * Yields a file's rows, reading each one on demand.
 *
 * @throws GoError for contradictory options, or if a row doesn't have as many fields as the first row
 */
function rowsOf(file: unknown, options: CsvOptions): Generator<unknown, undefined> {
  if (!(file instanceof ScriptFile)) throw new GoError('csv needs a file that was opened with k6/experimental/fs');
  assertFits(options);
  const { delimiter = ',', skipFirstLine = false, fromLine = 0, toLine = 0, asObjects = false } = options;
  const rows = parseCsv(file.text(), delimiter || ',');
  const header = rows[0] ?? [];
  const from = Math.max(fromLine, skipFirstLine || asObjects ? 1 : 0);
  return readRows(rows.slice(from, toLine === 0 ? undefined : toLine + 1), { from, header, asObjects });
}

function* readRows(
  rows: readonly string[][],
  { from, header, asObjects }: { from: number; header: readonly string[]; asObjects: boolean },
): Generator<unknown, undefined> {
  for (const [index, row] of rows.entries()) {
    if (row.length !== header.length) {
      throw new GoError(
        `record on line ${from + index + 1}: wrong number of fields: ${row.length}, and the first line has ${header.length}`,
      );
    }
    yield asObjects ? Object.fromEntries(header.map((name, column) => [name, row[column]])) : row;
  }
  return undefined;
}

function assertFits({ skipFirstLine, fromLine = 0, toLine = 0, asObjects }: CsvOptions): void {
  if (asObjects && (skipFirstLine || fromLine > 0)) {
    throw new GoError('asObjects needs the first line and cannot be combined with skipFirstLine or fromLine');
  }
  if (fromLine < 0 || toLine < 0) throw new GoError('fromLine and toLine cannot be negative');
  if (toLine > 0 && fromLine >= toLine)
    throw new GoError(`fromLine (${fromLine}) must be less than toLine (${toLine})`);
}
