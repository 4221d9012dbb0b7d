import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../harness/base/median.ts';
import { COMMANDS } from '../harness/commands/declarations.ts';
import { called, product } from '../test/support/product.ts';
import { measureCommand } from './engine/measure-command.ts';
import { BenchResults } from './lib/bench-results.ts';
import { type Figure, figureOf } from './lib/figures.ts';

/** Most processor time of a command that only reads, in seconds. */
const MOST = 0.25;

/** What each of them needs at least: a process that only loads zod. It says how fast the machine is at the moment. */
const REFERENCE = [process.execPath, '--input-type=module', '-e', "await import('zod')"];

const ITEMS = ['--contract', 'examples/item-service/proofload.yaml'];

/**
 * Implements `make bench-commands`, which measures commands that only read. `PROOFLOAD_PRODUCT` names a project that has
 * installed the package. The default is the checkout.
 */
async function main(rounds: number): Promise<void> {
  const results = await BenchResults.open('bench-commands');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-commands-'));
  const past = ['--results', join(folder.path, 'results')];
  const environment = { NODE_COMPILE_CACHE: join(folder.path, 'cache') };
  const run = (args: readonly string[]) => measureCommand(called(product.bin, args).flat(), environment);
  await run(['run', 'stress/smoke', ...ITEMS, ...past]);
  const commands: Record<string, readonly string[]> = {
    '--help': ['--help'],
    ...Object.fromEntries(COMMANDS.map((create) => [`${create().name()} --help`, [create().name(), '--help']])),
    list: ['list'],
    'list of the example': ['list', ...ITEMS],
    'list of the reference service': ['list', '--contract', 'service/proofload.config.ts'],
    show: ['show', ...past],
    rejudge: ['rejudge', ...past],
    compare: ['compare', 'latest', 'latest', ...past],
    'schema contract': ['schema', 'contract'],
    'schema verdict': ['schema', 'verdict'],
  };
  const figures: Figure[] = [];
  for (const [of, args] of Object.entries(commands)) {
    const [seconds, references]: [number[], number[]] = [[], []];
    await run(args);
    for (let round = 0; round < rounds; round += 1) {
      seconds.push((await run(args)).cpuSeconds);
      references.push((await measureCommand(REFERENCE, environment)).cpuSeconds);
    }
    const from = `${(median(seconds) / median(references)).toFixed(1)} × that of loading zod; median of ${rounds}`;
    figures.push(figureOf(seconds, { what: 'CPU time', of, unit: ' s', bound: { atMost: MOST }, from }));
  }
  await results.judge(figures);
}

await main(11);
