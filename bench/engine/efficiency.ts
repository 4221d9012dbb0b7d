import { median } from '../../harness/base/median.ts';
import type { Figure } from '../lib/figures.ts';
import { BUSY } from './generators.ts';
import { measureCommand } from './measure-command.ts';
import type { Target } from './start-target.ts';

const VUS = 50;

type Generator = keyof typeof BUSY;

/**
 * Compares the requests per second of generator CPU time of the embedded engine with autocannon and, if available, with
 * k6. The generators take turns, and each figure is the median of the ratios in all rounds, so that a busy machine
 * affects all of them equally. The cost of starting and warming up is eliminated by subtracting a short run from a long
 * one.
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
    // Use a single core. Otherwise k6 uses all cores, which costs additional CPU time.
    const { cpuSeconds } = await measureCommand(BUSY[name](target.url, VUS, length), { GOMAXPROCS: '1' });
    return { cpuSeconds, served: (await target.seen()).served };
  };
  const [short, long] = [await run(1), await run(1 + seconds)];
  return (long.served - short.served) / (long.cpuSeconds - short.cpuSeconds);
}
