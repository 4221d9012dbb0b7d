import { generateLoad } from '../lib/generate-load.ts';
import type { Shot } from '../lib/load.ts';

/**
 * The result of a round: responses per second, and the CPU time that the service used per response, in microseconds.
 */
export interface Round {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

/** Enough to keep the service busy, but few enough to avoid long queues for its connection pool. */
const CONNECTIONS = 16;

/** Keeps a service busy with one kind of request for a number of seconds, and reads its CPU usage from its metrics. */
export async function measureRound(
  url: string,
  shot: Shot,
  seconds: number,
  expected: readonly number[],
): Promise<Round> {
  const before = await cpuSeconds(url);
  const { answered, perSecond } = await generateLoad(
    { url, shot, seconds, pace: { connections: CONNECTIONS } },
    expected,
  );
  const after = await cpuSeconds(url);
  return { perSecond, cpuMicroseconds: ((after - before) / answered) * 1e6 };
}

async function cpuSeconds(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const value = /^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1];
  if (value === undefined) throw new Error(`${url}/metrics does not tell process_cpu_seconds_total`);
  return Number(value);
}
