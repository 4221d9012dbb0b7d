import { request } from 'undici';
import { expect, test } from 'vitest';
import { bearer } from '../../faults/control/guard.ts';
import { startFakes } from '../../faults/fakes/start-fakes.ts';
import { defineUpstreams, settingsOf } from '../../mocks/define-upstreams.ts';
import { agentOf } from './fake-lab.ts';

const QUOTA = { quotas: { rpm: 1 } };

test('two instances of a kind have separate addresses, settings, faults, quotas and receipts', async () => {
  const upstreams = defineUpstreams({ llm: { kind: 'groq', settings: QUOTA }, backup: { kind: 'groq' } });
  await using fakes = await startFakes(upstreams);
  await using agent = agentOf({ connect: { ca: fakes.ca, servername: 'api.groq.com' } });
  const headers = { authorization: 'Bearer gsk_test', 'content-type': 'application/json' };
  const body = JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'Hello' }] });
  const complete = async (name: 'llm' | 'backup') => {
    const url = `${fakes.upstreams[name]}/openai/v1/chat/completions`;
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode;
  };
  const control = async (method: string, path: string, sent?: unknown) => {
    const init = { method, headers: { 'content-type': 'application/json', ...bearer(fakes.token) } };
    return (await fetch(fakes.control + path, sent ? { ...init, body: JSON.stringify(sent) } : init)).json();
  };

  expect([await complete('llm'), await complete('llm')]).toEqual([200, 429]);
  expect([await complete('backup'), await complete('backup')]).toEqual([200, 200]);
  await control('POST', '/upstreams/backup/faults', { kind: 'status', status: 503 });
  expect(await complete('backup')).toBe(503);
  expect(await control('GET', '/receipts?upstream=llm')).toMatchObject({
    receipts: [{ status: 200 }, { status: 429, faults: [] }],
  });
  expect(await control('GET', '/receipts/count?upstream=backup')).toMatchObject({ requests: 3 });
  await control('POST', '/reset');
  expect([await complete('llm'), await complete('llm')], 'a reset keeps the declared settings').toEqual([200, 429]);
});

test('idle connections to the control API outlive the pauses between two calls', async () => {
  await using fakes = await startFakes(defineUpstreams({ llm: { kind: 'groq' } }));
  const { headers } = await fetch(`${fakes.control}/receipts`, { headers: bearer(fakes.token) });
  expect(headers.get('keep-alive')).toBe('timeout=120');
});

test('the certificate is valid for the declared host', async () => {
  await using fakes = await startFakes(defineUpstreams({ llm: { kind: 'groq', host: 'llm.example' } }));
  await using agent = agentOf({ connect: { ca: fakes.ca, servername: 'llm.example' } });
  expect((await request(`${fakes.upstreams.llm}/`, { dispatcher: agent })).statusCode).toBe(404);
});

test.each([
  [{ kind: 'mem0', models: ['x'] }, 'the fake of mem0 has no models'],
  [{ kind: 'mem0', settings: { eventsMs: 1 } }, 'unknown field "eventsMs" of settings of mem0; allowed: eventMs'],
  [{ kind: 'groq', models: ['x'], settings: { models: {} } }, '"models" is there twice'],
] as const)('refuses %j', (declared, problem) => {
  expect(() => settingsOf(declared as never)).toThrow(problem);
});
