import { join, relative } from 'node:path';
import { readText } from '../../faults/base/read-text.ts';
import { logHint } from '../checkers/breaker/log-hint.ts';
import { runFolder } from '../report/run-folder.ts';
import type { Change } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';
import type { Say } from './examining.ts';

/**
 * Prints the paths of the service's logs of some scenarios of a run and, if a breaker's lines were not found, similar lines. If there are
 * none, returns the change of the contract that stops looking for them.
 *
 * @param names The scenarios.
 */
export async function tellLogs(
  results: string,
  result: RunResult,
  { names, say }: { readonly names: ReadonlySet<string>; readonly say: Say },
) {
  const changes: Change[] = [];
  const logs: string[] = [];
  for (const scenario of result.scenarios) {
    if (!names.has(scenario.scenario)) continue;
    const path = relative('', join(runFolder(results, result), scenario.folder, 'service.log'));
    logs.push(path);
    say(`service log: ${path}`);
    const hint = logHint(scenario, await readText(path).catch(() => ''));
    if (!hint) continue;
    say(`  ${hint.text}`);
    for (const line of hint.lines) say(`    ${line}`);
    changes.push(...hint.changes);
  }
  return { changes, logs };
}
