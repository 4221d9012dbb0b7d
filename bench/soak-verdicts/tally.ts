import Table from 'cli-table3';
import { countVerdicts, type Finding, type Verdict } from '../../harness/verdict/finding.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';
import type { Kept } from './kept-runs.ts';

/** The share of scenario runs that may be INCONCLUSIVE, on an idle machine and with busy loops. */
const ALLOWED = { quiet: 0.005, busy: 0.02 };

/** The number of different observations to show for each check. */
const SHOWN = 3;

/** How many runs of single scenarios had each verdict, and whether that is good enough. */
interface Tally extends Record<Verdict, number> {
  readonly runs: number;
  /** How many of them were the second run, because the first one was INCONCLUSIVE. */
  readonly again: number;
  /** The share of INCONCLUSIVE that is allowed. */
  readonly allowed: number;
  readonly held: boolean;
}

/** Counts the runs of single scenarios. None may have failed, and very few may be INCONCLUSIVE. */
export function tallyOf(results: readonly RunResult[], loops: number): Tally {
  const scenarios = results.flatMap((result) => result.scenarios);
  const runs = scenarios.length;
  const counts = countVerdicts(scenarios);
  const again = scenarios.filter(({ measuredAgain }) => measuredAgain !== undefined).length;
  const allowed = loops === 0 ? ALLOWED.quiet : ALLOWED.busy;
  return { runs, ...counts, again, allowed, held: counts.FAIL === 0 && counts.INCONCLUSIVE <= allowed * runs };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Summarizes a tally in one sentence. */
export const summarizeTally = ({ runs, PASS, INCONCLUSIVE, FAIL, again, allowed }: Tally): string =>
  `${runs} scenario runs: ${PASS} PASS, ${INCONCLUSIVE} INCONCLUSIVE (${percent(runs === 0 ? 0 : INCONCLUSIVE / runs)}; ` +
  `allowed: ${percent(allowed)}), ${FAIL} FAIL (allowed: 0); ${again} measured again`;

/**
 * Formats the runs of all services for a terminal: one line for each scenario. Below it, each kind of check that did not
 * always pass has a line, followed by its observations.
 */
export function tallyTable(kept: readonly Kept[]): string {
  const table = new Table({
    head: ['scenario, and checks that did not always pass', 'runs', 'PASS', 'INCONCLUSIVE', 'FAIL'],
    style: { head: [], border: [], compact: true },
  });
  const runs = kept.flatMap(({ service, result }) =>
    result.scenarios.map((scenario) => ({ ...scenario, name: `${service}: ${scenario.scenario}` })),
  );
  for (const [name, scenarios] of Map.groupBy(runs, (run) => run.name)) {
    table.push(row(name, scenarios));
    for (const line of shorten(scenarios.flatMap(({ measuredAgain = [] }) => measuredAgain)))
      table.push(wide(`  measured again: ${line}`));
    const findings = scenarios.flatMap((scenario) => scenario.findings);
    for (const [kind, all] of Map.groupBy(findings, kindOf)) {
      const lines = observedIn(all);
      if (lines.length > 0) table.push(row(`  ${kind}`, all));
      for (const line of lines) table.push(wide(`    ${line}`));
    }
  }
  return table.toString();
}

function row(name: string, judged: readonly { verdict: Verdict }[]): (string | number)[] {
  const { PASS, INCONCLUSIVE, FAIL } = countVerdicts(judged);
  return [name, judged.length, PASS, INCONCLUSIVE, FAIL];
}

/** Returns a check's name without its subject. A check of endpoints, for example, may have twenty of them. */
const kindOf = ({ check }: Finding): string => check.split(': ', 1)[0] ?? check;

/** Returns what checks observed when they did not pass, without repetitions. */
function observedIn(findings: readonly Finding[]): string[] {
  const bad = findings.filter(({ verdict }) => verdict !== 'PASS');
  // A failure is more important than any number of others.
  return shorten(bad.toSorted((finding) => (finding.verdict === 'FAIL' ? -1 : 1)).map(causeOf));
}

/** Returns the first lines without repetitions, and how many others there are. */
function shorten(all: readonly string[]): string[] {
  const lines = [...new Set(all)];
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} others`] : [];
  return [...lines.slice(0, SHOWN), ...more];
}

/** Returns a row with a single cell. */
const wide = (content: string) => [{ content, colSpan: 5 }];

const causeOf = ({ verdict, observed, follows }: Finding): string =>
  follows === undefined ? `${verdict}: ${observed}` : `${verdict}, follows from: ${follows}`;
