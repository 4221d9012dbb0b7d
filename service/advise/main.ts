import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Table from 'cli-table3';
import { type Advice, advise, type Suggestion } from './advise.ts';
import { findOutages } from './outages.ts';
import { type LoggedTransition, readTransition } from './transitions.ts';

/**
 * `make advise`: reads the service's log (LOG, else standard input), and prints for each breaker what its outages were, and
 * which threshold and recovery timeout they suggest. Exits 0 with advice, 3 where the history is too short for any, 2 where
 * the log can't be read.
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
  console.log(breakers.size === 0 ? 'The log tells of no transition of a breaker.' : table.toString());
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
    return [
      [`${outages}, of ${needed} that are needed`, '', '', '', 'too little to advise from: settings stay as they are'],
    ];
  }
  const { outages, medianSeconds, selfHealed, threshold, recovery } = advice;
  const [shortest, longest] = [outages.map((o) => o.shortestSeconds), outages.map((o) => o.longestSeconds)];
  const range = `${Math.min(...shortest).toFixed(0)} to ${Math.max(...longest).toFixed(0)} s`;
  const healed = `${Math.round(selfHealed * outages.length)} over at the first trial`;
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
