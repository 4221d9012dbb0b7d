import type { RunResult } from '../../verdict/run-result.ts';
import { fill, textWidth } from './wrap.ts';

/**
 * Lists what was not judged, grouped by reason, with the scenarios' names. Returns an empty string if everything was
 * judged.
 */
export function notJudgedList({ coverage }: Pick<RunResult, 'coverage'>, columns?: number): string {
  const { notJudged, asked, judged } = coverage;
  if (notJudged.length === 0) return '';
  const width = textWidth(columns);
  const groups = notJudged.flatMap(({ because, scenarios }) => {
    const names = scenarios.map(({ name, judges }, index) => {
      return `${judges} (${name})${index < scenarios.length - 1 ? ',' : ''}`;
    });
    return [...fill(`because ${because}:`.split(' '), 2, width), ...fill(names, 4, width)];
  });
  return [`Not judged: ${asked - judged} of ${asked}`, ...groups].join('\n');
}
