import { styleText } from 'node:util';

/** A line with a progress bar. */
export interface Bar {
  readonly name: string;
  /** The state: blank if it is running. */
  readonly mark: ' ' | '•' | '↓' | '✗' | '✓';
  /** From 0 to 1. */
  readonly share: number;
  /** Texts beside the bar. */
  readonly columns: readonly string[];
}

/** The terminal that shows the lines. */
export interface Looks {
  /** Its width in characters, or undefined if it is not a terminal. Bars then show only a percentage. */
  readonly width: number | undefined;
  readonly color: boolean;
}

const LONGEST_NAME = 30;
const SHORTEST_NAME = 8;
/** The widths of a bar. The shortest one shows a percentage. */
const [LEAST, MOST] = [8, 40];

const MARK_STYLES = { ' ': 'reset', '•': 'dim', '↓': 'reset', '✗': 'red', '✓': 'green' } as const;

/** Formats progress bars in k6's layout, one line each. On a terminal, lines are never wider than the terminal. */
export function progressLines(bars: readonly Bar[], { width, color }: Looks): string[] {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const columns = columnWidths(bars);
  const rights = bars.map((bar) => bar.columns.map((text, nth) => ` ${text.padEnd((columns[nth] ?? 0) + 1)}`).join(''));
  const longest = Math.min(LONGEST_NAME, Math.max(0, ...bars.map(({ name }) => name.length)));
  const room = width === undefined ? Number.POSITIVE_INFINITY : width - 1;
  // The mark and the blanks around it need three characters.
  const right = Math.max(0, ...rights.map((text) => text.length)) + 3;
  const nameWidth = Math.max(Math.min(longest, SHORTEST_NAME), Math.min(longest, room - right - LEAST));
  const barWidth = width === undefined ? LEAST : Math.min(MOST, Math.max(LEAST, room - right - nameWidth));
  return bars.map(({ name, mark, share }, nth) => {
    const shown = name.length > nameWidth ? `${name.slice(0, nameWidth - 3)}...` : name.padEnd(nameWidth);
    const beside = (rights[nth] ?? '').slice(0, Math.max(0, room - nameWidth - 3 - barWidth));
    const [filled, empty] = barOf(share, barWidth);
    return `${shown} ${paint(MARK_STYLES[mark], mark)} [${filled}${paint('dim', empty)}]${beside}`;
  });
}

/** The widths of the first two columns. The last column of a line needs no padding. */
function columnWidths(bars: readonly Bar[]): number[] {
  const widths = [0, 0];
  for (const { columns } of bars) {
    for (const [nth, text] of columns.slice(0, -1).entries()) widths[nth] = Math.max(widths[nth] ?? 0, text.length);
  }
  return widths;
}

function barOf(share: number, width: number): [filled: string, empty: string] {
  if (width <= LEAST) return [` ${String(Math.round(share * 100)).padStart(3)}% `, ''];
  const space = width - 2;
  const filled = Math.floor(space * share);
  const bar = filled === 0 || filled === space ? '='.repeat(filled) : `${'='.repeat(filled - 1)}>`;
  return [bar, '-'.repeat(space - filled)];
}
