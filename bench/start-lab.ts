import { execFile } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { product } from '../test/support/product.ts';
import { BenchResults } from './lib/bench-results.ts';
import { figureOf } from './lib/figures.ts';

/** The package contains no reference service, but examples. */
const CONTRACT = product.isInstalled
  ? join(product.root, 'examples/ask-service/proofload.yaml')
  : resolve('service/proofload.config.ts');
const ENTRY = join(product.root, product.isInstalled ? 'bin/index.cjs' : 'harness/index.ts');

/** Starts labs as tests do, one of which runs already, and prints how many seconds each takes. */
const TEST = `
const seconds = [];
const timed = async (options) => {
  const began = performance.now();
  const { startLab } = await import(${JSON.stringify(ENTRY)});
  const lab = await startLab({ contract: ${JSON.stringify(CONTRACT)}, ...options });
  seconds.push((performance.now() - began) / 1_000);
  await lab[Symbol.asyncDispose]();
};
await timed({});
await timed({});
const shared = { idleSeconds: 5 };
await timed({ shared });
await timed({ shared });
console.log(JSON.stringify(seconds));
process.exit();
`;

/** The starts that are timed, and the longest that each may take, in seconds. */
const TIMED = {
  'the first lab of a user': undefined,
  'the first lab of a process': 1.5,
  'the second lab of a process': undefined,
  'the first use of a shared lab': undefined,
  'the next use of a shared lab': 0.5,
};

/**
 * Implements `make bench-start-lab`, which measures how long `startLab` takes for the reference service.
 * `PROOFLOAD_PRODUCT` names a project that has installed the package, which is then measured with an example.
 */
async function main(rounds: number): Promise<void> {
  const results = await BenchResults.open('bench-start-lab');
  // As in users' tests, nobody names a folder for compiled modules.
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const run = async (folder: string): Promise<number[]> => {
    const started = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', TEST], {
      env: { ...environment, XDG_CACHE_HOME: folder },
    });
    return JSON.parse((await started).stdout);
  };
  const took: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Nothing is compiled yet in the first process.
    await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-start-lab-'));
    const [first = Number.NaN] = await run(folder.path);
    took.push([first, ...(await run(folder.path))]);
  }
  const figures = Object.entries(TIMED).map(([of, atMost], index) =>
    figureOf(
      took.map((seconds) => seconds[index] as number),
      {
        what: 'time of startLab',
        of,
        unit: ' s',
        ...(atMost !== undefined && { bound: { atMost } }),
        from: `median of ${rounds}`,
      },
    ),
  );
  await results.judge(figures);
}

await main(7);
