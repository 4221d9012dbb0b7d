import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../report/run-folder.ts';
import type { Change } from '../verdict/finding.ts';
import type { RunResult, ScenarioResult } from '../verdict/run-result.ts';

/**
 * Prints the paths of the service's logs in a run and, if a breaker's lines were not found, similar lines. If there are
 * none, returns the change of the contract that stops looking for them.
 *
 * @param say Prints a line.
 */
export async function tellLogs(results: string, result: RunResult, say: (line: string) => void) {
  const changes: Change[] = [];
  const logs: string[] = [];
  for (const scenario of result.scenarios) {
    const path = join(runFolder(results, result), scenario.folder, 'service.log');
    logs.push(path);
    say(`service log: ${path}`);
    if (!isNotLogged(scenario)) continue;
    const log = await readFile(path, 'utf8').catch(() => '');
    const lines = log.split('\n').filter((line) => ABOUT_BREAKERS.test(line));
    say(lines.length === 0 ? '  no log line mentions a breaker: remove "log" from the contract' : SIMILAR);
    for (const line of lines.slice(0, SHOWN)) say(`    ${line}`);
    const [, breaker] = OUTAGE_OF.exec(scenario.scenario) ?? [];
    if (lines.length === 0 && breaker !== undefined) changes.push({ path: ['breakers', breaker, 'log'] });
  }
  return { changes, logs };
}

const isNotLogged = ({ findings }: ScenarioResult): boolean =>
  findings.some(({ checker, verdict }) => checker === 'transitions-logged' && verdict === 'FAIL');

const OUTAGE_OF = /^chaos\/(.+)-outage$/;
const ABOUT_BREAKERS = /breaker|circuit|half.?open/i;
const SIMILAR = '  log lines that "log" in the contract may mean:';

/** Maximum number of log lines to print. */
const SHOWN = 6;
