import { stripVTControlCharacters } from 'node:util';

/** Maximum line width that is still easy to read. */
const WIDEST = 120;

/** Returns the width of the terminal, or undefined if there is none or if it reports a width of 0. */
export const terminalColumns = (): number | undefined => process.stdout.columns || undefined;

/** Returns the maximum width of text on standard output. */
export const textWidth = (columns = terminalColumns()): number => Math.min(columns ?? WIDEST, WIDEST);

/** Returns the length of a text without its colors. */
const lengthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Distributes items over lines, each indented. An item that is longer than a line is not split. */
export function fill(items: readonly string[], indent: number, width = textWidth()): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && indent + lengthOf(last) + 1 + lengthOf(item) <= width)
      lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(item);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}

/**
 * Wraps text after a title. Continuation lines are aligned with the start of the text, and line breaks in the text are
 * kept.
 */
export function titled(title: string, text: string, indent: number, width = textWidth()): string[] {
  const lines = text.split('\n').flatMap((line) => fill(line.split(' '), indent + title.length, width));
  const [first = '', ...others] = lines;
  return [`${' '.repeat(indent)}${title}${first.trimStart()}`, ...others];
}

/** Matches a line of a table, or of a diff, which has to stay as it is. */
const FIXED = /[│┌└]|^ *[-+] \d+: /;

/** Wraps the lines of a text that are longer than the terminal, if there is one, with an indent. */
export function wrapped(text: string, columns = terminalColumns()): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      if (lengthOf(line) <= columns || FIXED.test(line)) return [line];
      const [indent = ''] = /^ */.exec(line) ?? [];
      const [first = '', ...rest] = fill(line.trim().split(' '), indent.length + 2, columns);
      return [first.slice(2), ...rest];
    })
    .join('\n');
}
