import { createRequire } from 'node:module';
import { escapeControls } from '../../base/controls.ts';
import { terminalColumns } from './wrap.ts';

const require = createRequire(import.meta.url);

/** A table for a terminal. */
export interface Drawn {
  readonly head: readonly string[];
  /** The width of each column with its padding, as `shareColumns` returns them. */
  readonly widths: readonly number[];
  /** Cells are plain text, because styles would count toward the width and could be cut. */
  readonly rows: readonly (readonly string[])[];
  /** Styles a line of the last column for `print`. It must not change its width. */
  readonly styleLast?: (text: string) => string;
}

/** The widest table that is easy to read, and the width if standard output is no terminal. */
const WIDEST = 180;
const USUAL = 140;

/** The spaces at both sides of a cell. */
const PADDING = 2;

/**
 * Returns the widths of columns that share a table as wide as the terminal, and at most 180 characters.
 *
 * @param columns A fixed width without padding, or the column's part of the rest.
 */
export function shareColumns(
  columns: readonly ({ readonly fixed: number } | { readonly part: number })[],
  terminal = terminalColumns() ?? USUAL,
): number[] {
  const room = Math.min(terminal, WIDEST) - columns.length - 1;
  const fixed = columns.reduce((sum, column) => sum + ('fixed' in column ? column.fixed + PADDING : 0), 0);
  const parts = columns.reduce((sum, column) => sum + ('part' in column ? column.part : 0), 0);
  const shared = columns.map((column) =>
    'fixed' in column ? column.fixed + PADDING : Math.floor(((room - fixed) * column.part) / parts),
  );
  // In a terminal that is narrower than this, all words are broken.
  const least = PADDING + 1;
  return Math.min(...shared) >= least ? shared : columns.map(() => Math.max(least, Math.floor(room / columns.length)));
}

/**
 * Draws a table. Styles are added once its lines have their final width: the library that measures, wraps and cuts the
 * cells does not know the marks of our own styles.
 */
export function drawTable({ head, widths, rows, styleLast = (text) => text }: Drawn): string {
  // It consists of eleven modules, and most output has no table.
  const Table = require('cli-table3') as typeof import('cli-table3');
  const table = new Table({
    head: [...head],
    colWidths: [...widths],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
    chars: { 'left-mid': '', mid: '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const row of rows) {
    table.push(row.map((cell, column) => withShortWords(escapeControls(cell), (widths[column] ?? 0) - PADDING)));
  }
  const lines = table.toString().split('\n');
  return lines.map((line) => line.replace(LAST_CELL, (_, before, text) => `${before}${styleLast(text)}`)).join('\n');
}

/** Matches a line up to the text of its last cell. */
const LAST_CELL = /^(.*│ )(\S+)(?= *│$)/u;

/** Breaks words that are longer than a column, such as JSON without spaces. The table would cut them off. */
function withShortWords(text: string, width: number): string {
  return text.replace(/\S+/gu, (word) => {
    let taken = 0;
    return Array.from(word, (character) => {
      const own = character >= FIRST_WIDE ? 2 : 1;
      const isFull = taken > 0 && taken + own > width;
      taken = isFull ? own : taken + own;
      return isFull ? `\n${character}` : character;
    }).join('');
  });
}

/**
 * All characters that take two columns of a terminal have a higher code than this one. Some others do as well, which is
 * harmless.
 */
const FIRST_WIDE = '\u1100';
