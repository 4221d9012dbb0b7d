import { createHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Load, LoadResult } from './load.ts';

/** Enough connections that no request in a fixed-rate load has to wait for one. */
const PACED_CONNECTIONS = 64;
const WARM_UP_SECONDS = 1;

/**
 * Generates load on a server, in a separate process from the one that is measured. It reads a `Load` from stdin and
 * writes the result to stdout.
 */
async function main(): Promise<void> {
  const load = JSON.parse(await text(process.stdin)) as Load;
  process.stdout.write(JSON.stringify(await generate(load)));
}

async function generate({ url, shot, seconds, pace }: Load): Promise<LoadResult> {
  const connections = 'connections' in pace ? pace.connections : PACED_CONNECTIONS;
  const pool = new Pool(url, { connections, pipelining: 1 });
  // Response times in microseconds.
  let histogram = createHistogram();
  const statuses: Record<string, number> = {};
  const body = shot.body === undefined ? undefined : JSON.stringify(shot.body);
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...shot.headers };
  let sent = 0;

  async function send(): Promise<void> {
    sent += 1;
    const unique = `${process.pid}-${sent}`;
    const began = performance.now();
    const status = await pool
      .request({
        path: shot.path.replaceAll('${unique}', unique),
        method: shot.method,
        headers,
        ...(body !== undefined && { body: body.replaceAll('${unique}', unique) }),
      })
      .then(async (response) => {
        await response.body.dump();
        return String(response.statusCode);
      })
      .catch(() => 'error');
    histogram.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
    statuses[status] = (statuses[status] ?? 0) + 1;
  }

  // A new process is still compiling its own code, so discard the delays from this phase.
  await run(WARM_UP_SECONDS);
  const warmUp = answers();
  histogram = createHistogram();
  const began = performance.now();
  const lateMs = await run(seconds);
  const took = (performance.now() - began) / 1000;
  await pool.close();
  const answered = answers();
  const ms = (percentile: number) => histogram.percentile(percentile) / 1000;
  return {
    answered,
    perSecond: (answered - warmUp) / took,
    statuses,
    ms: { p50: ms(50), p99: ms(99), max: ms(100) },
    lateMs,
  };

  function answers(): number {
    return Object.values(statuses).reduce((sum, count) => sum + count, 0);
  }

  function run(length: number): Promise<number> {
    return 'connections' in pace ? keepBusy(pace.connections, length) : keepPace(pace.perSecond, length);
  }

  async function keepBusy(width: number, length: number): Promise<number> {
    const endsAt = performance.now() + length * 1000;
    const worker = async () => {
      while (performance.now() < endsAt) await send();
    };
    await Promise.all(Array.from({ length: width }, worker));
    return 0;
  }

  async function keepPace(perSecond: number, length: number): Promise<number> {
    const under: Promise<void>[] = [];
    const late = createHistogram();
    const firstDue = performance.now();
    for (let beat = 0; beat < perSecond * length; beat += 1) {
      const due = firstDue + (beat * 1000) / perSecond;
      // A timer may fire slightly early. Wait for the rest by yielding to the event loop repeatedly.
      const early = due - performance.now() - 1;
      if (early > 0) await pause(early);
      while (performance.now() < due) await nextTurn();
      late.record(Math.max(1, Math.round((performance.now() - due) * 1000)));
      under.push(send());
    }
    await Promise.all(under);
    return late.percentile(99) / 1000;
  }
}

await main();
