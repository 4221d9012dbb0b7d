import { median } from '../../harness/base/median.ts';
import { type Figure, figureOf } from '../lib/figures.ts';
import { measuring } from '../lib/measuring.ts';
import { BUSY, type Generator, missing, type Script } from './generators.ts';
import { measureCommand } from './measure-command.ts';
import type { Origins, Target } from './start-target.ts';

const VUS = 50;

/** A script and the server that it sends its requests to. */
interface Load {
  readonly script: Script;
  readonly origin: keyof Origins;
}

/** A load, and how many times the requests of each other generator the embedded engine has to send. */
interface Row extends Load {
  readonly of: string;
  readonly atLeast: Partial<Readonly<Record<Generator, number>>>;
}

const ROWS: readonly Row[] = [
  { of: 'GET', script: 'get', origin: 'http', atLeast: { autocannon: 1, wrk: 0.9, k6: 3 } },
  { of: 'realistic script', script: 'realistic', origin: 'http', atLeast: { k6: 3 } },
  { of: 'GET over HTTPS', script: 'get', origin: 'https', atLeast: { k6: 3 } },
  { of: 'GET over HTTP/2', script: 'get', origin: 'http2', atLeast: { k6: 3 } },
];

/** How many times the requests of one thread the two threads of `--workers 2` have to send if each has a core. */
const TWO_WORKERS = 1.8;

/** More than twice, with some room for the variation between runs. */
const IMPOSSIBLE = 2.2;

/**
 * Compares how many requests the embedded engine sends per second of CPU time with autocannon and, if they are
 * available, wrk and k6, and how many two of its threads send. The generators take turns, and each figure is the median
 * of the ratios from all rounds, so that a busy machine affects all of them equally.
 */
export async function measureEfficiency(target: Target, rounds: number, seconds: number): Promise<Figure[]> {
  const absent = (['wrk', 'k6'] as const).flatMap((name) => missing(name) ?? []);
  for (const reason of absent) console.log(`Not compared with ${reason}.`);
  const figures: Figure[] = [];
  for (const { of, atLeast, ...load } of ROWS) {
    const others = (Object.keys(atLeast) as Generator[]).filter((name) => missing(name) === undefined);
    if (others.length > 0) measuring(`${of}, compared with ${others.join(', ')}`);
    for (const { other, ratios, from } of await compare(target, load, others, rounds, seconds)) {
      const what = `requests per CPU second, embedded ÷ ${other}`;
      const bound = { atLeast: atLeast[other] ?? Number.NaN };
      figures.push(figureOf(ratios, { what, of: `${VUS} VUs, ${of}`, unit: '', bound, from }));
    }
  }
  const get: Load = { script: 'get', origin: 'http' };
  measuring('GET, with two workers');
  const [workers] = await compare(target, get, ['embedded, 2 workers'], rounds, seconds);
  return [...figures, ...(workers ? [ofTwoWorkers(workers)] : [])];
}

/** Two threads with a core each send twice the requests that they send per second of CPU time. */
function ofTwoWorkers({ ratios, from }: Comparison): Figure {
  const figure = figureOf(
    ratios.map((ratio) => 2 / ratio),
    {
      what: 'requests per second, --workers 2 ÷ 1',
      of: `${VUS} VUs, GET`,
      unit: '',
      bound: { atLeast: TWO_WORKERS },
      from,
    },
  );
  if (figure.value <= IMPOSSIBLE) return figure;
  return { ...figure, unsound: 'the machine was too busy: two threads cannot do that much' };
}

interface Comparison {
  readonly other: Generator;
  /** The requests of the embedded engine ÷ those of the other generator, in each round. */
  readonly ratios: readonly number[];
  readonly from: string;
}

async function compare(
  target: Target,
  load: Load,
  others: readonly Generator[],
  rounds: number,
  seconds: number,
): Promise<Comparison[]> {
  if (others.length === 0) return [];
  const perRound = new Map<Generator, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const order: Generator[] = ['embedded', ...others];
    for (const name of round % 2 === 0 ? order : order.toReversed()) {
      perRound.set(name, [...(perRound.get(name) ?? []), await perCpuSecond(name, target, load, seconds)]);
    }
  }
  const of = (name: Generator): number[] => perRound.get(name) ?? [];
  const thousands = (name: Generator) => `${name} ${(median(of(name)) / 1_000).toFixed(1)}k`;
  return others.map((other) => ({
    other,
    ratios: of('embedded').map((value, index) => value / (of(other)[index] ?? Number.NaN)),
    from: `${thousands('embedded')}, ${thousands(other)}; ${rounds} × ${seconds} s`,
  }));
}

/**
 * Returns a generator's requests per second of CPU time. The result of a short run is subtracted from that of a long
 * one, which cancels out the cost of starting and warming up.
 */
async function perCpuSecond(name: Generator, target: Target, { script, origin }: Load, seconds: number) {
  const run = async (length: number) => {
    await target.seen();
    const command = BUSY[name]({ script, url: target.origins[origin], vus: VUS, seconds: length });
    // Limit k6 to a single core. By default, it uses all cores, which costs extra CPU time.
    const { cpuSeconds } = await measureCommand(command, { GOMAXPROCS: '1' });
    return { cpuSeconds, served: (await target.seen()).served };
  };
  const [short, long] = [await run(1), await run(1 + seconds)];
  return (long.served - short.served) / (long.cpuSeconds - short.cpuSeconds);
}
