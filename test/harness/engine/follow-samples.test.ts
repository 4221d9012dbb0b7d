import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followSamples } from '../../../harness/engine/follow-samples.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const sample = (status: number) =>
  `${JSON.stringify({
    metric: 'http_req_duration',
    type: 'Point',
    data: { time: '2026-11-24T16:00:00.5Z', value: 5, tags: { status: String(status), name: 'é' } },
  })}\n`;

test('passes requests on while the file grows, including lines that arrive in pieces, and stops when told to', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'samples.json');
  const seen: string[] = [];
  const over = new AbortController();
  const following = followSamples(
    path,
    (event) => event.type === 'request' && seen.push(`${event.status} ${event.name}`),
    over.signal,
  );
  const bytes = Buffer.from(sample(201) + sample(503));
  const middle = bytes.indexOf('é') + 1;
  await appendFile(path, bytes.subarray(0, middle));
  await eventually(() => expect(seen).toEqual([]));
  await appendFile(path, bytes.subarray(middle));
  await eventually(() => expect(seen).toEqual(['201 é', '503 é']));
  over.abort();
  await following;
});
