import { GoError } from '../base/errors.ts';

/**
 * Splits CSV text into rows, like Go's `encoding/csv`. Empty lines are skipped.
 *
 * @param delimiter Separates the fields of a row.
 * @throws GoError if a quote is misplaced or missing
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  const lines = text.replaceAll('\r\n', '\n');
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; ; ) {
    const isQuoted = lines[at] === '"';
    const { field, end } = isQuoted ? readQuoted(lines, at) : readPlain(lines, at, delimiter);
    row.push(field);
    if (lines.startsWith(delimiter, end)) {
      at = end + delimiter.length;
      continue;
    }
    if (end < lines.length && lines[end] !== '\n')
      throw misplaced(lines, end - 1, 'extraneous or missing " in quoted-field');
    if (row.length > 1 || isQuoted || field !== '') rows.push(row);
    if (end >= lines.length) return rows;
    row = [];
    at = end + 1;
  }
}

interface Field {
  readonly field: string;
  /** The offset after it. */
  readonly end: number;
}

function readQuoted(lines: string, start: number): Field {
  for (let at = start + 1; ; at += 2) {
    at = lines.indexOf('"', at);
    if (at < 0) throw misplaced(lines, lines.length, 'extraneous or missing " in quoted-field');
    if (lines[at + 1] !== '"') return { field: lines.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
}

function readPlain(lines: string, start: number, delimiter: string): Field {
  const ends = [lines.indexOf(delimiter, start), lines.indexOf('\n', start)].filter((at) => at >= 0);
  const end = Math.min(lines.length, ...ends);
  const field = lines.slice(start, end);
  const quote = field.indexOf('"');
  if (quote >= 0) throw misplaced(lines, start + quote, 'bare " in non-quoted-field');
  return { field, end };
}

function misplaced(lines: string, at: number, problem: string): GoError {
  const before = lines.slice(0, at).split('\n');
  return new GoError(`parse error on line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${problem}`);
}
