import Table from 'cli-table3';
import { type Verdict, worst } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { runFolder } from './run-folder.ts';
import { paint } from './text/terminal.ts';

/** How often each verdict occurred, and in which repeats (from 1) the verdict was not PASS. */
interface Counted {
  counts: Record<Verdict, number>;
  notPassed: number[];
}

/** The verdicts of a repeated run, by scenario and check. */
export interface Repeats {
  /** The worst verdict of all repeats. INCONCLUSIVE if none failed but there were fewer than requested. */
  verdict: Verdict;
  wanted: number;
  runs: { verdict: Verdict; seed: number; folder: string; coverage: RunResult['coverage'] }[];
  scenarios: ({ scenario: string; checks: ({ check: string } & Counted)[] } & Counted)[];
}

/**
 * Counts the verdicts in all repeats of a run. A repeat that was stopped counts with the results it has.
 *
 * @param wanted How many repeats were requested.
 * @param resultsFolder The folder that contains the runs' folders.
 */
export function countRepeats(results: readonly RunResult[], wanted: number, resultsFolder: string): Repeats {
  const scenarios = new Map<string, { whole: Counted; checks: Map<string, Counted> }>();
  for (const [index, { scenarios: of }] of results.entries()) {
    for (const { scenario, verdict, findings } of of) {
      const entry = entryOf(scenarios, scenario, () => ({ whole: none(), checks: new Map() }));
      count(entry.whole, verdict, index + 1);
      for (const one of findings) count(entryOf(entry.checks, one.check, none), one.verdict, index + 1);
    }
  }
  return {
    verdict: worst([
      ...results.map(({ verdict }) => verdict),
      ...(results.length < wanted ? ['INCONCLUSIVE' as const] : []),
    ]),
    wanted,
    runs: results.map((one) => ({
      verdict: one.verdict,
      seed: one.seed,
      folder: runFolder(resultsFolder, one),
      coverage: one.coverage,
    })),
    scenarios: [...scenarios].map(([scenario, { whole, checks }]) => ({
      scenario,
      ...whole,
      checks: [...checks].map(([check, counted]) => ({ check, ...counted })),
    })),
  };
}

const none = (): Counted => ({ counts: { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 }, notPassed: [] });

function count({ counts, notPassed }: Counted, verdict: Verdict, repeat: number): void {
  counts[verdict] += 1;
  if (verdict !== 'PASS' && !notPassed.includes(repeat)) notPassed.push(repeat);
}

function entryOf<Value>(entries: Map<string, Value>, name: string, create: () => Value): Value {
  const found = entries.get(name) ?? create();
  entries.set(name, found);
  return found;
}

/**
 * Formats the repeats for a terminal: one line for each scenario, with the checks that did not always pass below it,
 * and where to find the details.
 */
export function repeatsTable({ scenarios, runs }: Repeats): string {
  const table = new Table({
    head: ['scenario, and checks that did not always pass', 'PASS', 'FAIL', 'INCONCLUSIVE', 'not passed in'],
    style: { head: [], border: [], compact: true },
  });
  for (const { scenario, checks, ...whole } of scenarios) {
    table.push(row(scenario, whole));
    for (const { check, ...counted } of checks)
      if (counted.notPassed.length > 0) table.push(row(`  ${check}`, counted));
  }
  const bad = runs.flatMap(({ verdict, folder }, index) =>
    verdict === 'PASS' ? [] : [`repeat ${index + 1}: ${paint(verdict)}  ${folder}`],
  );
  return [table.toString(), ...bad].join('\n');
}

const row = (name: string, { counts, notPassed }: Counted): (string | number)[] => [
  name,
  counts.PASS,
  counts.FAIL,
  counts.INCONCLUSIVE,
  shorten(notPassed),
];

/** Truncates a list, because a hundred numbers don't fit on a line. */
const shorten = (repeats: readonly number[]): string =>
  repeats.length > 8 ? `${repeats.slice(0, 8).join(', ')} …` : repeats.join(', ');
