import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { print } from '../base/print.ts';
import { runFolder } from '../report/run-folder.ts';
import type { Change } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';

/**
 * Prints the paths of the service's logs in a run and, if a breaker's lines were not found, similar lines. If there are
 * none, returns the change of the contract that stops looking for them.
 */
export async function printLogs(results: string, result: RunResult): Promise<Change[]> {
  const changes: Change[] = [];
  for (const scenario of result.scenarios) {
    const path = join(runFolder(results, result), scenario.folder, 'service.log');
    print(`service log: ${path}`);
    if (!isNotLogged(scenario)) continue;
    const log = await readFile(path, 'utf8').catch(() => '');
    const lines = log.split('\n').filter((line) => ABOUT_BREAKERS.test(line));
    print(lines.length === 0 ? '  no log line mentions a breaker: remove "log" from the contract' : SIMILAR);
    for (const line of lines.slice(0, SHOWN)) print(`    ${line}`);
    const [, breaker] = OUTAGE_OF.exec(scenario.scenario) ?? [];
    if (lines.length === 0 && breaker !== undefined) changes.push({ path: ['breakers', breaker, 'log'] });
  }
  return changes;
}

const isNotLogged = ({ findings }: ScenarioResult): boolean =>
  findings.some(({ checker, verdict }) => checker === 'transitions-logged' && verdict === 'FAIL');

const OUTAGE_OF = /^chaos\/(.+)-outage$/;
const ABOUT_BREAKERS = /breaker|circuit|half.?open/i;
const SIMILAR = '  log lines that "log" in the contract may mean:';

/** Maximum number of log lines to print. */
const SHOWN = 6;
