import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';

test('a reset restores the initial state', async () => {
  await using lab = await startFakeLab();
  const first = (await lab.complete()).text;
  await lab.inject('groq', { kind: 'status', status: 500 });
  await lab.inject('groq', { kind: 'refuse' });
  await lab.control('PUT', '/upstreams/mem0/certificate', { kind: 'expired' });
  await lab.control('PUT', '/upstreams/groq/settings', { revokedKeys: ['gsk_test'] });
  expect((await lab.control('POST', '/reset')).status).toBe(200);

  expect((await lab.control('GET', '/receipts')).body).toEqual({ receipts: [], last: 0, dropped: 0 });
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).status).toBe(200);
  // Completion IDs start over.
  const again = await lab.complete();
  expect(JSON.parse(again.text).id).toBe(JSON.parse(first).id);
  expect(await lab.inject('groq', { kind: 'hang' })).toBe('f1');
});

test('a request that hangs during a reset is not counted', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'hang' });
  const hanging = lab.complete().catch(({ code }) => code);
  await until(async () => (await lab.firstFault('groq')).disrupted === 1);
  await lab.control('POST', '/reset');
  expect(await hanging).toBe('UND_ERR_SOCKET');
  expect((await lab.control('GET', '/receipts/count')).body).toMatchObject({ requests: 0, open: 0 });
});

test('settings can be read and replaced, and invalid ones are rejected', async () => {
  await using lab = await startFakeLab();
  expect((await lab.control('GET', '/upstreams/groq/settings')).body).toMatchObject({ revokedKeys: [] });
  await lab.control('PUT', '/upstreams/groq/settings', { revokedKeys: ['gsk_test'] });
  expect((await lab.complete()).status).toBe(401);
  const { body } = await lab.control('PUT', '/upstreams/groq/settings', { revokedKeys: 'gsk_test', rpm: 3 });
  expect(body.error.message).toContain('unknown field "rpm" of settings of groq; allowed: quotas');
  expect(body.error.message).toContain('"revokedKeys" of settings of groq is "gsk_test"; allowed: a list of API keys');
});

test('the OpenAPI document has every route, and a schema for every kind of fault', async () => {
  await using lab = await startFakeLab();
  const { body } = await lab.control('GET', '/openapi.json');
  const lines = (await (await lab.open('/')).text()).trim().split('\n');
  const documented = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(documented.toSorted()).toEqual(lines.map((line) => line.split('  ')[0]).toSorted());
  const { anyOf } = body.paths['/upstreams/{upstream}/faults'].post.requestBody.content['application/json'].schema;
  const kinds = anyOf.map(({ properties }: { properties: { kind: { const: string } } }) => properties.kind.const);
  expect(kinds).toContain('slow-first-token');
  const readme = await readFile(new URL('../../../mocks/README.md', import.meta.url), 'utf8');
  for (const line of lines) expect(readme).toContain(line.split('  ')[0]);
});

test('returns the certificate of its CA', async () => {
  await using lab = await startFakeLab();
  expect(await (await lab.open('/ca.pem')).text()).toBe(lab.fakes.ca);
});
