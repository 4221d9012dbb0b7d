import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../harness/base/median.ts';
import { type Figure, figureOf } from '../lib/figures.ts';
import { generateLoad } from '../lib/generate-load.ts';
import { measuring } from '../lib/measuring.ts';
import { embedded } from './generators.ts';
import { measureCommand } from './measure-command.ts';
import type { Seen, Target } from './start-target.ts';

/**
 * Maximum lateness of a minimal generator, in milliseconds (99th percentile). If even that generator is later in any
 * round, the machine is too busy to give a valid result.
 */
const BARE_LATE_MS = 1;
/** At higher rates, a minimal generator is late because it saturates its core. */
const BARE_PER_SECOND = 2_000;

/**
 * Measures how many iterations a constant-arrival-rate scenario drops over all rounds, and how late the remaining ones
 * are in the median round. Lateness is judged only if `lateBy` is set.
 */
export async function measureArrivals(
  target: Target,
  rounds: number,
  perSecond: number,
  seconds: number,
  lateBy?: number,
): Promise<Figure[]> {
  measuring(`${perSecond} iterations per second`);
  const folder = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  try {
    const file = join(folder, 'summary.json');
    const environment = ['-e', `RATE=${perSecond}`, '-e', `SECONDS=${seconds}`, '-e', `VUS=${perSecond / 20}`];
    const control = { perSecond: Math.min(perSecond, BARE_PER_SECOND) };
    const shot = { method: 'GET', path: '/' } as const;
    const runBare = () => generateLoad({ url: target.origins.http, shot, seconds: 1, pace: control }, [200]);
    const run = () =>
      measureCommand(embedded('arrivals', target.origins.http, ...environment, '--summary-export', file));
    // This also warms up the target's code and its many connections.
    await run();
    let [dropped, arrived] = [0, 0];
    let bareLate = 0;
    const late: ReturnType<typeof lateness>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bareLate = Math.max(bareLate, (await runBare()).lateMs);
      await target.seen();
      await run();
      const { arrivals } = await target.seen();
      arrived += arrivals.length;
      dropped += JSON.parse(await readFile(file, 'utf8')).metrics.dropped_iterations?.count ?? 0;
      late.push(lateness(arrivals, perSecond));
    }
    const busy = `the machine was too busy: a bare generator was ${bareLate.toFixed(1)} ms late`;
    const soundness = bareLate > BARE_LATE_MS && { unsound: busy };
    const of = `${perSecond}/s, ${rounds} × ${seconds} s`;
    const planned = perSecond * seconds * rounds;
    const whole = `${arrived} arrived of ${planned}`;
    const isCut = arrived + dropped < planned && { unsound: `a run ended early: ${whole}` };
    const inMedian = (what: 'p50' | 'max') => median(late.map((round) => round[what]));
    return [
      {
        what: 'iterations dropped',
        of,
        unit: '',
        bound: { atMost: 0 },
        from: whole,
        value: dropped,
        // Even on a busy machine, a result without dropped iterations is valid.
        ...(dropped > 0 && soundness),
        ...isCut,
      },
      {
        ...figureOf(
          late.map(({ p99 }) => p99),
          {
            what: 'lateness, p99',
            of,
            unit: ' ms',
            ...(lateBy !== undefined && { bound: { atMost: lateBy } }),
            from: `as seen by the target; p50 ${inMedian('p50').toFixed(2)} ms, max ${inMedian('max').toFixed(1)} ms`,
          },
        ),
        ...soundness,
        ...isCut,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns how late each request was. The offset between the two clocks is unknown, so the request that arrived earliest
 * relative to its due time is assumed to be on time.
 */
export function lateness(arrivals: Seen['arrivals'], perSecond: number): { p50: number; p99: number; max: number } {
  const offsets = Float64Array.from(arrivals, ([n, at]) => at - (n * 1_000) / perSecond).sort();
  const at = (share: number) => (offsets[Math.ceil(share * offsets.length) - 1] ?? Number.NaN) - (offsets[0] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
