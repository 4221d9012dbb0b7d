import { join } from 'node:path';
import { EXIT, messageOf, withOutput } from '../../harness/base/errors.ts';
import { interruption } from '../../harness/commands/interruption.ts';
import { exitCodeOfProof } from '../../harness/commands/prove.ts';
import { Reaper } from '../../harness/process/reaper.ts';
import { provedIn } from '../../harness/verdict/proved.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';
import { runSuites } from '../support/run-suites.ts';
import { chosenServices, words } from '../support/services.ts';

/**
 * Implements the other part of `make prove`: `proofload prove` for the reference service and the examples, one after
 * another. It takes about four times as long as their suites.
 */
const services = chosenServices(words('SERVICE'), usage);
const scenarios = words('SCENARIO') ?? ['stress', 'chaos'];
const signal = interruption(console.error);
const results = join('results', 'prove');
await using reaper = new Reaper();
const summary: string[] = [];
const codes: number[] = [];
for (const service of services) {
  if (signal.aborted) break;
  console.log(`\n${service.name}`);
  try {
    const run = await runSuites(service, {
      command: 'prove',
      scenarios,
      results: join(results, service.name),
      signal,
      reaper,
      onLine: console.log,
    });
    if (!run) break;
    codes.push(exitCodeOfProof(run.result));
    summary.push(`${service.name}: ${said(run.result)}`);
  } catch (error) {
    codes.push(EXIT.labFailed);
    summary.push(withOutput(`${service.name}: ${messageOf(error)}`, (error as { output?: string[] }).output ?? []));
  }
}
console.log(['', ...summary].join('\n'));
if (signal.aborted) console.log(`not all were run: ${String(signal.reason)}`);
const worst = [EXIT.fail, EXIT.labFailed, EXIT.inconclusive].find((code) => codes.includes(code));
process.exitCode = worst ?? (signal.aborted ? EXIT.inconclusive : EXIT.pass);

/** Returns what was found out about a service: how many checks are proved, and each pair that is open. */
function said({ proved, verdict }: RunResult): string {
  if (!proved) return verdict;
  const open = proved.pairs.filter(({ outcome }) => outcome === 'missed' || outcome === 'undecided');
  const lines = open.map(({ checker, mutant, outcome }) => `\n  ${outcome}: ${checker} × ${mutant}`);
  const stopped = proved.stopped === undefined ? '' : `; stopped early: ${proved.stopped}`;
  return `${provedIn(proved)}, in ${proved.seconds.toFixed(0)} s${stopped}${lines.join('')}`;
}

function usage(problem: string): never {
  console.error(problem);
  process.exit(EXIT.usage);
}
