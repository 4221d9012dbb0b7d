import { median } from '../../harness/base/median.ts';
import type { Figure } from '../lib/figures.ts';
import { BUSY } from './generators.ts';
import { measureCommand } from './measure-command.ts';
import type { Target } from './start-target.ts';

const VUS = 50;

type Generator = keyof typeof BUSY;

/**
 * Compares how many requests the embedded engine sends per second of CPU time with autocannon and, if available, k6.
 * The generators take turns, and each figure is the median of the ratios from all rounds, so that a busy machine
 * affects all of them equally. The result of a short run is subtracted from that of a long one, which cancels out the
 * cost of starting and warming up.
 */
export async function measureEfficiency(target: Target, rounds: number, seconds: number): Promise<Figure[]> {
  const others: Generator[] = process.env.K6_BIN ? ['autocannon', 'k6'] : ['autocannon'];
  const perRound: Record<Generator, number[]> = { embedded: [], autocannon: [], k6: [] };
  for (let round = 0; round < rounds; round += 1) {
    const order: Generator[] = ['embedded', ...others];
    for (const name of round % 2 === 0 ? order : order.toReversed()) {
      perRound[name].push(await perCpuSecond(name, target, seconds));
    }
  }
  const thousands = (name: Generator) => `${name} ${(median(perRound[name]) / 1000).toFixed(1)}k`;
  return others.map((other) => ({
    what: `requests per CPU second, embedded ÷ ${other}`,
    of: `${VUS} VUs, GET`,
    value: median(perRound.embedded.map((value, index) => value / (perRound[other][index] ?? Number.NaN))),
    unit: '',
    bound: { atLeast: other === 'k6' ? 3 : 0.9 },
    from: `${thousands('embedded')}, ${thousands(other)}; ${rounds} × ${seconds} s`,
  }));
}

async function perCpuSecond(name: Generator, target: Target, seconds: number): Promise<number> {
  const run = async (length: number) => {
    await target.seen();
    // Limit k6 to a single core. By default, it uses all cores, which costs extra CPU time.
    const { cpuSeconds } = await measureCommand(BUSY[name](target.url, VUS, length), { GOMAXPROCS: '1' });
    return { cpuSeconds, served: (await target.seen()).served };
  };
  const [short, long] = [await run(1), await run(1 + seconds)];
  return (long.served - short.served) / (long.cpuSeconds - short.cpuSeconds);
}
