import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakes } from '../../faults/fakes/start-fakes.ts';
import { oneOfEachKind } from '../../mocks/declared-upstream.ts';
import { defineUpstreams } from '../../mocks/define-upstreams.ts';

// Fakes with a small receipt capacity. The receipts are full after the warm-up, so any growth after that is a leak.
const fakes = await startFakes(defineUpstreams(oneOfEachKind), { receiptCapacity: 1000 });
const directory = await mkdtemp(join(tmpdir(), 'proofload-soak-'));
const ca = join(directory, 'ca.pem');
await writeFile(ca, fakes.ca);
process.once('SIGTERM', async () => {
  await fakes[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
  process.exit(0);
});
const { control, token, upstreams } = fakes;
console.log(JSON.stringify({ ready: true, control, token, upstreams, ca }));
