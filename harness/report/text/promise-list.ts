import { isJudged, isProved, promiseTally } from '../../verdict/promise-coverage.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { fewOf, type PromiseGroup, partsOfPromises, titleWith } from '../promise-groups.ts';
import { paint } from './terminal.ts';
import { fill, textWidth, titled } from './wrap.ts';

/**
 * Lists all promises of the contract: those that were not judged by reason, and the others with their checks and
 * proofs. Returns an empty string if the promises are unknown.
 */
export function promiseList({ coverage }: Pick<RunResult, 'coverage'>, columns?: number): string {
  const tally = promiseTally(coverage);
  if (tally === undefined) return '';
  const width = textWidth(columns);
  const groups = partsOfPromises(coverage.promises ?? []).flatMap((part) => part.groups);
  const unjudged = Map.groupBy(
    groups.filter(({ verdict }) => verdict === undefined),
    ({ why }) => why,
  );
  return [
    `Promises of the contract: ${tally}`,
    ...[...unjudged].flatMap(([why, own]) => [
      ...fill(`not judged, because ${why}${elsewhere(own)}:`.split(' '), 2, width),
      ...fill(namesIn(own).split(' '), 4, width),
    ]),
    ...groups.flatMap((group) => judgedLines(group, width)),
  ].join('\n');
}

/** Names the scenarios that would judge promises. */
function elsewhere(groups: readonly PromiseGroup[]): string {
  const scenarios = [...new Set(groups.flatMap((group) => group.scenarios))];
  return scenarios.length === 0 ? '' : ` (${fewOf(scenarios)})`;
}

const namesIn = (groups: readonly PromiseGroup[]): string => groups.map((group) => titleWith(group)).join(', ');

/** Lists the promises that were judged, but not proved. Returns an empty string if there are none. */
export function unprovedPromises({ coverage }: Pick<RunResult, 'coverage'>, columns?: number): string {
  const unproved = (coverage.promises ?? []).filter((promise) => isJudged(promise) && !isProved(promise));
  if (unproved.length === 0) return '';
  const groups = partsOfPromises(unproved).flatMap((part) => part.groups);
  return titled('Promises judged, but not proved: ', namesIn(groups), 0, textWidth(columns)).join('\n');
}

function judgedLines(group: PromiseGroup, width: number): string[] {
  if (group.verdict === undefined) return [];
  const [first = '', ...rest] = titled('      ', `${titleWith(group)}: ${group.why}, ${group.proved}`, 2, width);
  return [`  ${paint(group.verdict)}  ${first.trimStart()}`, ...rest];
}
