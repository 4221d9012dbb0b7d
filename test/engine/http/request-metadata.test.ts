import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runSource } from '../run-source.ts';

/** As in k6, which copies both when it prepares a request. */
test('a request has the tags and metadata that its VU had when the script made it', async () => {
  const server = createServer((_, response) => response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'embedded-metadata-'));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const samples = join(folder, 'samples.json');
  const source = `
    import exec from 'k6/execution';
    import http from 'k6/http';
    export default async function () {
      const of = exec.vu.metrics;
      const send = (id) => {
        of.metadata.trace_id = id;
        of.tags.round = id;
        return http.asyncRequest('GET', __ENV.URL);
      };
      const both = [send('a'), send('b')];
      delete of.metadata.trace_id;
      delete of.tags.round;
      await Promise.all(both);
      await http.asyncRequest('GET', __ENV.URL);
    }`;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await runSource(source, { env: { URL: url }, args: ['--out', `json=${samples}`] });
  const lines = (await readFile(samples, 'utf8')).trim().split('\n');
  const durations = lines
    .map((line) => JSON.parse(line))
    .filter(({ type, metric }) => type === 'Point' && metric === 'http_req_duration')
    .map(({ data }) => [data.metadata?.trace_id, data.tags.round]);
  expect(durations.toSorted()).toEqual([
    [undefined, undefined],
    ['a', 'a'],
    ['b', 'b'],
  ]);
});
