import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Refusal } from '../faults/base/refusal.ts';
import { startFakes } from '../faults/fakes/start-fakes.ts';
import { addFaultFile } from '../faults/own/fault-files.ts';
import { oneOfEachKind } from './declared-upstream.ts';
import { defineUpstreams } from './define-upstreams.ts';
import { readFlags } from './flags.ts';
import { readUpstreams } from './read-upstreams.ts';

/** Runs the fakes until a signal arrives or stdin is closed. Prints one line of JSON when they are ready. */
async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  const { seed, upstreams, certificates, whileStdinOpen } = flags;
  const stop = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.resolve());
  if (whileStdinOpen) {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => stop.resolve());
    process.stdin.resume();
  }
  for (const file of flags.faults) await addFaultFile(file);
  const definitions = defineUpstreams(upstreams === undefined ? oneOfEachKind : await readUpstreams(upstreams));

  await using cleanup = new AsyncDisposableStack();
  const directory =
    certificates === undefined ? await mkdtemp(join(tmpdir(), 'proofload-fakes-')) : resolve(certificates);
  if (certificates === undefined) cleanup.defer(() => rm(directory, { recursive: true, force: true }));
  await mkdir(directory, { recursive: true });

  const fakes = cleanup.use(await startFakes(definitions, { seed, keys: flags.keys }));
  const ca = join(directory, 'ca.pem');
  await writeFile(ca, fakes.ca);
  const { control, token, proxy } = fakes;
  console.log(JSON.stringify({ ready: true, control, token, upstreams: fakes.upstreams, proxy, ca }));
  await stop.promise;
}

try {
  await main();
  // Otherwise an open stdin would keep the process alive.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Refusal ? `${error.code}: ${error.message}` : error);
  process.exit(error instanceof Refusal ? 2 : 1);
}
