import type { RunResult } from '../../verdict/run-result.ts';

/** The widest that a line gets where there is room for more: beyond it nobody reads with ease. */
const WIDEST = 120;

/** For a terminal: what was not judged, grouped by why, with the names to ask for; empty if all of it was judged. */
export function notJudgedList({ coverage }: Pick<RunResult, 'coverage'>, columns = process.stdout.columns): string {
  const { notJudged, asked, judged } = coverage;
  if (notJudged.length === 0) return '';
  const width = Math.min(columns ?? WIDEST, WIDEST);
  const groups = notJudged.flatMap(({ because, scenarios }) => {
    const names = scenarios.map(({ name, judges }) => `${judges} (${name})`);
    return [...wrap(`because ${because}:`.split(' '), '', 2, width), ...wrap(names, ',', 4, width)];
  });
  return [`Not judged: ${asked - judged} of ${asked}`, ...groups].join('\n');
}

/** Puts items on as few lines as they need, each indented; an item that is longer than a line stays whole. */
function wrap(items: readonly string[], separator: string, indent: number, width: number): string[] {
  const lines: string[] = [];
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? item : `${item}${separator}`;
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 1 + text.length <= width)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}
