import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../harness/base/median.ts';
import { type Figure, figureOf } from '../lib/figures.ts';
import { measuring } from '../lib/measuring.ts';
import { embedded } from './generators.ts';
import { measureCommand } from './measure-command.ts';
import type { Target } from './start-target.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const VUS = 1_000;
const MIB = 2 ** 20;

const WATCHED = `--import=${here('print-peak-memory.js')}`;

/** Returns the peak memory in bytes from the output of a watched command, which may begin with a summary. */
const peakOf = (output: string): number => Number(/\d+$/.exec(output)?.[0]);

/** Compares the memory needed for ten million samples with that for one million, each in a separate process. */
export async function measureSinks(): Promise<Figure> {
  measuring('the memory for 10⁷ samples');
  const peak = async (samples: number) =>
    Number((await measureCommand([process.execPath, here('feed-samples.ts'), String(samples)])).output);
  const [few, many] = [await peak(1e6), await peak(1e7)];
  return {
    what: 'peak memory, 10⁷ ÷ 10⁶ samples',
    of: 'http metrics',
    unit: '',
    bound: { atMost: 1.1 },
    value: many / few,
    from: `${(many / MIB).toFixed(0)} MiB, ${(few / MIB).toFixed(0)} MiB`,
  };
}

/** Measures what it costs to run VUs that send one request each, from process start to exit. */
export async function measureStart(target: Target): Promise<Figure[]> {
  measuring(`the start of ${VUS} VUs`);
  const command = embedded('get', target.origins.http, '--vus', String(VUS), '--iterations', String(VUS));
  await target.seen();
  const { wallSeconds, cpuSeconds, output } = await measureCommand(command, { NODE_OPTIONS: WATCHED });
  const { served } = await target.seen();
  if (served !== VUS) throw new Error(`${VUS} VUs were to send a request each, and ${served} arrived`);
  const of = `${VUS} VUs, one GET each`;
  return [
    {
      what: 'start to end',
      of,
      unit: ' s',
      bound: { atMost: 1 },
      value: wallSeconds,
      // The engine hardly waits here, so any time beyond its CPU time was taken by other processes.
      ...(wallSeconds > 2 * cpuSeconds && { unsound: `the machine was too busy: ${cpuSeconds.toFixed(2)} s were CPU` }),
      from: `${cpuSeconds.toFixed(2)} s of CPU`,
    },
    {
      what: 'peak memory',
      of,
      unit: ' MiB',
      bound: { atMost: 1_024 },
      value: peakOf(output) / MIB,
      from: 'resident set',
    },
  ];
}

/**
 * Measures what an empty script costs: the CPU time, and the memory compared with that of Node alone. As with `proofload
 * run`, Node keeps compiled modules between runs.
 */
export async function measureEmpty(rounds: number): Promise<Figure[]> {
  measuring('an empty script');
  const cache = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  const run = (command: readonly string[], environment = {}) =>
    measureCommand(command, { NODE_COMPILE_CACHE: cache, ...environment });
  const peak = async (command: readonly string[]) => peakOf((await run(command, { NODE_OPTIONS: WATCHED })).output);
  const empty = embedded('empty', '');
  try {
    await run(empty);
    const [seconds, engineMemory, nodeMemory]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      seconds.push((await run(empty)).cpuSeconds);
      engineMemory.push(await peak(empty));
      nodeMemory.push(await peak([process.execPath, '-e', '']));
    }
    const [engine, node] = [median(engineMemory), median(nodeMemory)];
    const about = { of: 'an empty script', from: `median of ${rounds}` };
    return [
      figureOf(seconds, { ...about, what: 'CPU time', unit: ' s', bound: { atMost: 0.25 } }),
      {
        ...about,
        what: 'peak memory ÷ bare Node',
        unit: '',
        bound: { atMost: 2 },
        value: engine / node,
        from: `${(engine / MIB).toFixed(0)} MiB, ${(node / MIB).toFixed(0)} MiB; ${about.from}`,
      },
    ];
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}
