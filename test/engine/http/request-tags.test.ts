import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runSource } from '../run-source.ts';

/** Runs a script, whose `__ENV.URL` is the address of a server, and returns the samples of `http_reqs`. */
async function requestsOf(source: string): Promise<{ tags: Record<string, string>; metadata?: object }[]> {
  const server = createServer((_, response) => response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'embedded-tags-'));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const samples = join(folder, 'samples.json');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await runSource(source, { env: { URL: url }, args: ['--out', `json=${samples}`] });
  const lines = (await readFile(samples, 'utf8')).replaceAll(url, '').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type, metric }) => type === 'Point' && metric === 'http_reqs')
    .map(({ data }) => data);
}

/** As in k6, which copies both when it prepares a request. */
test('a request has the tags and metadata that its VU had when the script made it', async () => {
  const requests = await requestsOf(`
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
    }`);
  expect(requests.map(({ tags, metadata }) => [metadata, tags.round]).toSorted()).toEqual([
    [undefined, undefined],
    [{ trace_id: 'a' }, 'a'],
    [{ trace_id: 'b' }, 'b'],
  ]);
});

test('the requests of handleSummary() are not recorded', async () => {
  const requests = await requestsOf(`
    import http from 'k6/http';
    export default () => http.get(__ENV.URL + '/iteration');
    export const handleSummary = () => ({ stdout: http.get(__ENV.URL + '/summary').status + '' });`);
  expect(requests.map(({ tags }) => tags.url)).toEqual(['/iteration']);
});

/** Sends requests whose names come from different places, and returns their `name` and `url` tags. */
const namesWith = async (options: object) =>
  (
    await requestsOf(`
      import exec from 'k6/execution';
      import http from 'k6/http';
      export const options = ${JSON.stringify(options)};
      export default function () {
        const { URL } = __ENV;
        http.get(URL + '/plain');
        http.get(http.url\`\${URL}/template/\${1}\`);
        http.get(http.url\`\${URL}/template/\${2}\`);
        http.get(URL + '/own', { tags: { name: 'own', url: 'ignored' } });
        http.get(http.url\`\${URL}/empty/\${1}\`, { tags: { name: '' } });
        http.get('');
        exec.vu.metrics.tags.name = 'of the VU';
        http.get(URL + '/plain');
        http.get(http.url\`\${URL}/template/\${1}\`);
        http.get(URL + '/own', { tags: { name: 'own' } });
      }`)
  ).map(({ tags: { name, url } }) => [name, url]);

const both = (tag: string) => [tag, tag];

test("a request's name is that of its params, the VU's tags, the template or the URL, in this order", async () => {
  const template = both('${}/template/${}');
  const named = [both('of the VU'), both('of the VU'), both('own')];
  expect(await namesWith({})).toEqual([both('/plain'), template, template, both('own'), both(''), both(''), ...named]);
  const all = both('of all');
  expect(await namesWith({ tags: { name: 'of all' } })).toEqual([all, all, all, both('own'), both(''), all, ...named]);
});

test('without the system tag for names, only names that the script sets are recorded', async () => {
  expect(await namesWith({ systemTags: ['url'] })).toEqual([
    [undefined, '/plain'],
    [undefined, '/template/1'],
    [undefined, '/template/2'],
    both('own'),
    both(''),
    [undefined, ''],
    both('of the VU'),
    both('of the VU'),
    both('own'),
  ]);
});
