import { join } from 'node:path';
import { EXIT, messageOf, withOutput } from '../../harness/base/errors.ts';
import { exitCodeOfProof } from '../../harness/commands/prove.ts';
import { USUAL_SUITES } from '../../harness/contract/scenario-scripts.ts';
import { Reaper } from '../../harness/process/reaper.ts';
import { isOpenPair, provedIn } from '../../harness/verdict/proved.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';
import { runSuites } from '../support/run-suites.ts';
import { chosenServices, words } from '../support/services.ts';
import { type Proving, worstOf } from './proving.ts';

/**
 * Runs `proofload prove` for the reference service and the examples, one after another: all, or those that SERVICE names.
 * SCENARIO selects scenarios. It takes a few times as long as their suites.
 */
export async function proveServices(signal: AbortSignal): Promise<Proving> {
  const services = chosenServices(words('SERVICE'));
  const scenarios = words('SCENARIO') ?? USUAL_SUITES;
  await using reaper = new Reaper();
  const lines: string[] = [];
  const codes: number[] = [];
  for (const service of services) {
    if (signal.aborted) break;
    console.log(`\n${service.name}`);
    try {
      const run = await runSuites(service, {
        command: 'prove',
        scenarios,
        results: join('results', 'prove', service.name),
        signal,
        reaper,
        onLine: console.log,
      });
      if (!run) break;
      codes.push(exitCodeOfProof(run.result));
      lines.push(`${service.name}: ${said(run.result)}`);
    } catch (error) {
      codes.push(EXIT.labFailed);
      lines.push(withOutput(`${service.name}: ${messageOf(error)}`, (error as { output?: string[] }).output ?? []));
    }
  }
  return { lines, code: worstOf(codes) };
}

/** Returns how many checks were proved on a service, and each pair that was missed or is undecided. */
function said({ proved, verdict }: RunResult): string {
  if (!proved) return verdict;
  const open = proved.pairs.filter(isOpenPair);
  const lines = open.map(({ checker, mutant, outcome }) => `\n  ${outcome}: ${checker} × ${mutant}`);
  return `${provedIn(proved)}, in ${proved.seconds.toFixed(0)} s${lines.join('')}`;
}
