import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Table from 'cli-table3';
import { type Advice, advise, type Suggestion } from './advise.ts';
import { findOutages } from './outages.ts';
import { type LoggedTransition, readTransition } from './transitions.ts';

/**
 * Implements `make advise`. Reads the service's log from the file LOG or from standard input. For each breaker, it
 * prints a summary of the outages and suggests a threshold and a recovery timeout. Exits with 0 if there is advice, 3
 * if the history is too short, and 2 if the log can't be read.
 */
async function main(file: string | undefined): Promise<void> {
  const transitions = await readLog(file);
  const table = new Table({
    head: ['breaker', 'finished outages', 'setting', 'now', 'suggested', 'why'],
    colWidths: [9, 30, 36, 7, 11, 60],
    wordWrap: true,
    style: { head: [] },
  });
  const breakers = Map.groupBy(transitions, ({ breaker }) => breaker);
  let advised = false;
  for (const [breaker, own] of breakers) {
    const advice = advise(findOutages(own));
    advised ||= advice.kind === 'advice';
    for (const row of rows(advice)) table.push([breaker, ...row]);
  }
  console.log(breakers.size === 0 ? 'The log contains no breaker transitions.' : table.toString());
  process.exitCode = advised ? 0 : 3;
}

async function readLog(file: string | undefined): Promise<LoggedTransition[]> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  if (file !== undefined) await once(input, 'open');
  const found: LoggedTransition[] = [];
  for await (const line of createInterface({ input })) {
    const transition = readTransition(line);
    if (transition) found.push(transition);
  }
  return found;
}

function rows(advice: Advice): string[][] {
  if (advice.kind === 'too_little') {
    const { outages, needed } = advice;
    return [[`${outages} of ${needed} required`, '', '', '', 'not enough history: keep the settings']];
  }
  const { outages, medianSeconds, selfHealed, threshold, recovery } = advice;
  const shortest = outages.map(({ shortestSeconds }) => shortestSeconds);
  const longest = outages.map(({ longestSeconds }) => longestSeconds);
  const range = `${Math.min(...shortest).toFixed(0)} to ${Math.max(...longest).toFixed(0)} s`;
  const healed = `${Math.round(selfHealed * outages.length)} ended at the first trial`;
  const seen = `${outages.length}: median ${medianSeconds.toFixed(1)} s, ${range}; ${healed}`;
  const row = (setting: string, { now, suggested, why }: Suggestion) => {
    return [seen, setting, String(now), suggested === now ? 'keep' : String(suggested), why];
  };
  return [row('CIRCUIT_BREAKER_FAILURE_THRESHOLD', threshold), row('CIRCUIT_BREAKER_RECOVERY_TIMEOUT', recovery)];
}

try {
  await main(process.env.LOG || undefined);
} catch (error) {
  console.error(`LOG=${process.env.LOG}: ${(error as Error).message}`);
  process.exitCode = 2;
}
