import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../harness/base/median.ts';
import type { Figure } from '../lib/figures.ts';
import { generateLoad } from '../lib/generate-load.ts';
import { embedded } from './generators.ts';
import { measureCommand } from './measure-command.ts';
import type { Seen, Target } from './start-target.ts';

/** If a bare generator is later than this, the machine is too busy for a result: milliseconds, 99th percentile. */
const BARE_LATE_MS = 1;
/** Above this rate a bare generator saturates its core and would be late for that reason. */
const BARE_PER_SECOND = 2_000;

/**
 * Measures the iterations that a constant-arrival-rate scenario drops in all rounds, and the lateness of the others in
 * the median round. Lateness has a bound only if `lateBy` is given.
 */
export async function measureArrivals(
  target: Target,
  rounds: number,
  perSecond: number,
  seconds: number,
  lateBy?: number,
): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  try {
    const file = join(folder, 'summary.json');
    const environment = ['-e', `RATE=${perSecond}`, '-e', `SECONDS=${seconds}`, '-e', `VUS=${perSecond / 20}`];
    const control = { perSecond: Math.min(perSecond, BARE_PER_SECOND) };
    const bare = await generateLoad(
      { url: target.url, shot: { method: 'GET', path: '/' }, seconds: 1, pace: control },
      [200],
    );
    const busy = `the machine was too busy: a bare generator was ${bare.lateMs.toFixed(1)} ms late`;
    const soundness = bare.lateMs > BARE_LATE_MS && { unsound: busy };
    const run = () => measureCommand(embedded('arrivals', target.url, ...environment, '--summary-export', file));
    // Warm up the target too: its code and its many connections.
    await run();
    await target.seen();
    let [dropped, arrived] = [0, 0];
    const late: ReturnType<typeof lateness>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await run();
      const { arrivals } = await target.seen();
      arrived += arrivals.length;
      dropped += JSON.parse(await readFile(file, 'utf8')).metrics.dropped_iterations?.count ?? 0;
      late.push(lateness(arrivals, perSecond));
    }
    const of = `${perSecond}/s, ${rounds} × ${seconds} s`;
    const planned = perSecond * seconds * rounds;
    const whole = `${arrived} arrived of ${planned}`;
    const isCut = arrived + dropped < planned && { unsound: `a run ended early: ${whole}` };
    const inMedian = (what: 'p50' | 'p99' | 'max') => median(late.map((round) => round[what]));
    return [
      {
        ...{ what: 'iterations dropped', of, unit: '', bound: { atMost: 0 }, from: whole },
        value: dropped,
        // On a busy machine, a result without drops is still valid.
        ...(dropped > 0 && soundness),
        ...isCut,
      },
      {
        ...{ what: 'lateness, p99', of, unit: ' ms', value: inMedian('p99') },
        ...(lateBy !== undefined && { bound: { atMost: lateBy } }),
        ...soundness,
        ...isCut,
        from: `as seen by the target; p50 ${inMedian('p50').toFixed(2)} ms, max ${inMedian('max').toFixed(1)} ms`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the lateness of each request. The two clocks differ by an unknown offset, so the earliest arrival relative to
 * its due time counts as punctual.
 */
export function lateness(arrivals: Seen['arrivals'], perSecond: number): { p50: number; p99: number; max: number } {
  const offsets = Float64Array.from(arrivals, ([n, at]) => at - (n * 1_000) / perSecond).sort();
  const at = (share: number) => (offsets[Math.ceil(share * offsets.length) - 1] ?? Number.NaN) - (offsets[0] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
