import { countVerdicts, type Verdict, worst } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { runFolder } from './run-folder.ts';
import { drawTable, shareColumns } from './text/table.ts';
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
  const all = results.flatMap(({ scenarios }, index) =>
    scenarios.map((scenario) => ({ ...scenario, repeat: index + 1 })),
  );
  return {
    verdict: worst([
      ...results.map(({ verdict }) => verdict),
      ...(results.length < wanted ? ['INCONCLUSIVE' as const] : []),
    ]),
    wanted,
    runs: results.map((result) => ({
      verdict: result.verdict,
      seed: result.seed,
      folder: runFolder(resultsFolder, result),
      coverage: result.coverage,
    })),
    scenarios: [...Map.groupBy(all, ({ scenario }) => scenario)].map(([scenario, runs]) => {
      const checks = runs.flatMap(({ findings, repeat }) => findings.map((finding) => ({ ...finding, repeat })));
      return {
        scenario,
        ...countedOf(runs),
        checks: [...Map.groupBy(checks, ({ check }) => check)].map(([check, same]) => ({ check, ...countedOf(same) })),
      };
    }),
  };
}

const countedOf = (judged: readonly { readonly verdict: Verdict; readonly repeat: number }[]): Counted => ({
  counts: countVerdicts(judged),
  notPassed: [...new Set(judged.filter(({ verdict }) => verdict !== 'PASS').map(({ repeat }) => repeat))],
});

/**
 * Formats the repeats for a terminal: one line for each scenario, with the checks that did not always pass below it,
 * and where to find the details.
 */
export function repeatsTable({ scenarios, runs }: Repeats): string {
  const table = drawTable({
    head: ['scenario, and checks that did not always pass', ...VERDICTS, 'not passed in'],
    widths: shareColumns([{ part: 3 }, ...VERDICTS.map(({ length }) => ({ fixed: length })), { part: 1 }]),
    rows: scenarios.flatMap(({ scenario, checks, ...whole }) => [
      row(scenario, whole),
      ...checks.filter(({ notPassed }) => notPassed.length > 0).map(({ check, ...of }) => row(`  ${check}`, of)),
    ]),
  });
  const bad = runs.flatMap(({ verdict, folder }, index) =>
    verdict === 'PASS' ? [] : [`repeat ${index + 1}: ${paint(verdict)}  ${folder}`],
  );
  return [table, ...bad].join('\n');
}

const VERDICTS = ['PASS', 'FAIL', 'INCONCLUSIVE'] as const;

const row = (name: string, { counts, notPassed }: Counted): string[] => [
  name,
  ...VERDICTS.map((verdict) => String(counts[verdict])),
  shorten(notPassed),
];

/** Truncates a list, because a hundred numbers don't fit on a line. */
const shorten = (repeats: readonly number[]): string =>
  repeats.length > 8 ? `${repeats.slice(0, 8).join(', ')} …` : repeats.join(', ');
