import { type Comparison, compare } from './compare.ts';
import { exceptionsIn, firstError, outcomeOf } from './outcome.ts';
import type { ScriptRun } from './run-script.ts';

export const VERDICTS = ['agree', 'refused', 'both fail', 'differ'] as const;

/** What was found out about a script. */
export interface Verdict {
  readonly verdict: (typeof VERDICTS)[number];
  /** Why the engine refused the script, why both runs failed, or how they differ. */
  readonly reasons: readonly string[];
  /** What was not compared, or only without its numbers. */
  readonly unsteady: readonly string[];
}

/** Runs a script for the given time. Runs of k6 are kept, so they need not be repeated. */
export interface Runners {
  engine(): Promise<ScriptRun>;
  k6(attempt: number): Promise<ScriptRun>;
}

/**
 * Runs a script in the engine and in k6, and compares them. If they differ, runs k6 again to find out what depends on
 * time or chance. If they still differ, repeats both: only differences that occur again count, because a busy machine
 * can delay anything.
 */
export async function judge({ engine, k6 }: Runners): Promise<Verdict> {
  const run = await engine();
  const refusal = refusalOf(run);
  if (refusal !== undefined) return { verdict: 'refused', reasons: [refusal], unsteady: [] };
  const recorded = await k6(0);
  const { different, unsteady } = await differencesOf(run, recorded, { engine, k6 });
  if (different.length > 0) return { verdict: 'differ', reasons: different, unsteady };
  if (hasFailed(run) && hasFailed(recorded)) {
    return { verdict: 'both fail', reasons: [`k6: ${errorOf(recorded)}`, `engine: ${errorOf(run)}`], unsteady };
  }
  return { verdict: 'agree', reasons: [], unsteady };
}

async function differencesOf(run: ScriptRun, recorded: ScriptRun, { engine, k6 }: Runners): Promise<Comparison> {
  const [outcome, first] = [outcomeOf(run), outcomeOf(recorded)];
  const exact = compare(first, first, outcome);
  if (exact.different.length === 0) return exact;
  const second = outcomeOf(await k6(1));
  const { different, unsteady } = compare(first, second, outcome);
  if (different.length === 0) return { different, unsteady };
  const [again, third] = [outcomeOf(await engine()), outcomeOf(await k6(2))];
  const persistent = [first, second].map((result) => new Set(compare(result, third, again).different));
  return { different: different.filter((line) => persistent.every((lines) => lines.has(line))), unsteady };
}

const EMBEDDED = /embedded engine|ENGINE=k6|--jslib/;

/** Returns the message of a run that was refused by name. */
function refusalOf(run: ScriptRun): string | undefined {
  if (run.exitCode === 0 || run.exitCode === null) return undefined;
  return run.log.find(({ level, source, msg }) => level === 'error' && source !== 'console' && EMBEDDED.test(msg))?.msg;
}

/** Exit codes of runs that went to their end: passed, thresholds crossed, aborted by the script, marked as failed. */
const COMPLETE: readonly (number | null)[] = [0, 99, 108, 110];

/** Whether a run ended with an error, or each of its iterations did. */
function hasFailed(run: ScriptRun): boolean {
  if (!COMPLETE.includes(run.exitCode)) return true;
  const iterations = Number(run.summary?.metrics.iterations?.count ?? 0);
  return exceptionsIn(run) >= Math.max(1, iterations);
}

const errorOf = (run: ScriptRun): string =>
  run.exitCode === null ? 'timed out' : (firstError(run).split('\n', 1)[0] ?? '');
