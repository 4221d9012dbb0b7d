/** The widest line that is still easy to read. */
const WIDEST = 120;

/** Returns the width that text may take on standard output. */
export const textWidth = (columns = process.stdout.columns): number => Math.min(columns ?? WIDEST, WIDEST);

/** Fills lines with items, each line indented; an item that is longer than a line stays whole. */
export function fill(items: readonly string[], indent: number, width = textWidth()): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 1 + item.length <= width)
      lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(item);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}

/** Wraps a text after a title: further lines begin below the first. Lines of the text stay apart. */
export function titled(title: string, text: string, indent: number, width = textWidth()): string[] {
  const lines = text.split('\n').flatMap((line) => fill(line.split(' '), indent + title.length, width));
  const [first = '', ...others] = lines;
  return [`${' '.repeat(indent)}${title}${first.trimStart()}`, ...others];
}
