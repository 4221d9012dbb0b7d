import { join } from 'node:path';
import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { median } from '../base/median.ts';
import { percentile } from '../base/percentile.ts';
import type { History } from '../history/history.ts';
import { readHistory } from '../history/history-file.ts';
import { historyOf } from '../judge/judge-folder.ts';
import type { RunResult } from '../verdict/run-result.ts';

/** One round's measures, and how fast the machine was during it. */
export const roundSchema = z.strictObject({
  /** The median duration of a call that does not involve the service, in milliseconds. */
  controlMs: z.number().positive(),
  /** The median and the 99th percentile of served requests by endpoint, in milliseconds. */
  latencies: z.record(z.string(), z.strictObject({ p50: z.number().positive(), p99: z.number().positive() })),
  /**
   * The longest time from the end of an outage until calls are served again, in seconds. Absent if the contract has no
   * breakers.
   */
  secondsToRecover: z.number().positive().exactOptional(),
});

export type Round = z.output<typeof roundSchema>;

/** The scenario that measures latencies. */
const LOAD = 'gate/steady-load';

/**
 * Reads the measures from a `gate` suite run that passed.
 *
 * @throws ProofloadError NOTHING_TO_JUDGE if the contract does not allow the load that is measured
 */
export async function readRound(folder: string, { scenarios, skipped }: RunResult): Promise<Round> {
  const load = scenarios.find(({ scenario }) => scenario === LOAD);
  if (!load) {
    const why = skipped.find(({ name }) => name === LOAD)?.skipped ?? 'it was not run';
    throw new ProofloadError('NOTHING_TO_JUDGE', `${LOAD} can't measure this service: ${why}`);
  }
  const { history, header } = await readHistory(historyOf(join(folder, load.folder)));
  const seconds = scenarios.flatMap(({ findings }) => findings.flatMap((one) => one.secondsToRecover ?? []));
  const longest = Math.max(0, ...seconds);
  return {
    ...latenciesOf(history, header.contract.endpoints),
    ...(longest > 0 && { secondsToRecover: longest }),
  };
}

/** Returns the latencies of served requests in the phases `measured`, by endpoint. */
export function latenciesOf(
  history: History,
  endpoints: Record<string, { served: readonly number[] }>,
): Pick<Round, 'controlMs' | 'latencies'> {
  const latencies = Object.entries(endpoints).map(([endpoint, { served }]) => {
    const calls = history
      .requestsIn(history.phases('measured'), { endpoint })
      .filter(({ status }) => served.includes(status));
    const times = calls.map(({ ms }) => ms);
    return [endpoint, { p50: median(times), p99: percentile(times, 0.99) }];
  });
  const control = history.metric('control_ms').map(({ value }) => value);
  return { controlMs: median(control), latencies: Object.fromEntries(latencies) };
}
