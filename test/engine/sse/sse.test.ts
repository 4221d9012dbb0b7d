import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeLab, startFakeLab } from '../../mocks/fake-lab.ts';
import { HANG_MS } from '../../support/limits.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { runSource } from '../run-source.ts';

let lab: FakeLab;
let folder: string;

beforeAll(async () => {
  lab = await startFakeLab();
  folder = await mkdtemp(join(tmpdir(), 'embedded-sse-'));
  await writeFile(join(folder, 'ca.pem'), lab.fakes.ca);
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Requests a stream from the Groq fake through the k6/x/sse API and logs the outcome. */
const ASKS = `
import sse from 'k6/x/sse';
export const options = { thresholds: JSON.parse(__ENV.THRESHOLDS || '{}') };
const spoken = (event) => event.data !== '[DONE]' && Boolean(JSON.parse(event.data).choices[0]?.delta.content);
export default function () {
  let text = '';
  const seen = [];
  const response = sse.open(__ENV.GROQ + '/openai/v1/chat/completions', {
    method: 'POST',
    headers: { Authorization: 'Bearer ' + __ENV.KEY, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', stream: true, messages: [{ role: 'user', content: 'Good morning' }], max_completion_tokens: 9 }),
    done: '[DONE]',
    isToken: spoken,
    timeout: '200s',
    idleTimeout: __ENV.IDLE || '10s',
  }, (client) => {
    client.on('open', () => seen.push('open'));
    client.on('event', (event) => {
      if (spoken(event)) text += JSON.parse(event.data).choices[0].delta.content;
      if (__ENV.CLOSE_AFTER && text.length >= Number(__ENV.CLOSE_AFTER)) client.close();
    });
    client.on('error', (error) => seen.push('error: ' + error.error()));
  });
  const { ended, events, tokens, status, timings, error } = response;
  console.log(JSON.stringify({ ended, events, tokens, status, error, seen, first: timings.time_to_first_token, gap: timings.longest_gap, text, body: response.body }));
}`;

interface Said {
  ended: string;
  events: number;
  tokens: number;
  status: number;
  error: string;
  seen: string[];
  first: number;
  gap: number;
  text: string;
  body: string;
}

async function ask(fault: Record<string, unknown> | null, env: Record<string, string> = {}) {
  if (fault) await lab.inject('groq', { ...fault, next: 1 });
  const run = await runSource(ASKS, {
    env: { GROQ: lab.fakes.upstreams.groq, KEY: 'gsk_test', ...env },
    environment: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
  });
  expect(run.errors.filter((error) => !error.startsWith('thresholds'))).toEqual([]);
  return { ...run, said: JSON.parse(run.said[0] ?? '{}') as Said };
}

test('reads and measures a stream token by token to its end', async () => {
  const { said, metrics } = await ask(null);
  // The role, nine tokens, the finish reason, and [DONE].
  expect(said).toMatchObject({ ended: 'whole', events: 12, tokens: 9, status: 200, error: '', seen: ['open'] });
  // Only the first token may have fewer than four characters.
  expect(Math.ceil(said.text.length / 4)).toBe(9);
  expect(metrics.sse_event?.count).toBe(12);
  expect(metrics.sse_stream_failed).toMatchObject({ value: 0, passes: 0, fails: 1 });
  expect(metrics.sse_time_to_first_token?.avg).toBeCloseTo(said.first, 6);
  expect(metrics.sse_token_gap?.max).toBeCloseTo(said.gap, 6);
  expect(metrics.http_reqs?.count).toBe(1);
  expect(metrics.http_req_failed?.value).toBe(0);
});

test('distinguishes a slow first token from slow tokens', REAL_TIME, async () => {
  const { said, metrics } = await ask({ kind: 'slow-first-token', milliseconds: 400 });
  expect(said.first).toBeGreaterThan(399);
  // The response head arrived immediately.
  expect(metrics.http_req_waiting?.max).toBeLessThan(said.first - 200);
  expect(said).toMatchObject({ ended: 'whole', tokens: 9 });
});

test.each([
  ['a silent end', { kind: 'missing-done' }, { ended: 'silent', tokens: 9, error: 'the stream was silent' }],
  ['a cut', { kind: 'cut-stream', events: 4 }, { ended: 'cut', events: 4, tokens: 3, error: 'unexpected EOF' }],
  ['a stall', { kind: 'stall', bytes: 900 }, { ended: 'stalled', status: 0 }],
  ['a refusal', { kind: 'status', status: 503 }, { ended: 'refused', events: 0, status: 503 }],
  ['a page in place of a stream', { kind: 'html-page' }, { ended: 'refused', events: 0 }],
])("doesn't report %s as a complete stream", REAL_TIME, async (_, fault, expected) => {
  const { said, metrics } = await ask(fault, { IDLE: '300ms' });
  expect(said).toMatchObject(expected);
  expect(said.seen.at(-1)).toMatch(/^error: ./);
  expect(metrics.sse_stream_failed).toMatchObject({ value: 1 });
});

test('supports thresholds: a cut stream fails a run', async () => {
  const env = {
    THRESHOLDS: JSON.stringify({ sse_stream_failed: ['rate==0'], 'sse_stream_failed{ended:cut}': ['rate==0'] }),
  };
  expect((await ask(null, env)).exitCode).toBe(0);
  expect((await ask({ kind: 'cut-stream', events: 1 }, env)).exitCode).toBe(99);
});

test('can be closed by the script without counting as a failure', async () => {
  const { said, metrics } = await ask(null, { CLOSE_AFTER: '8' });
  expect(said).toMatchObject({ ended: 'closed', status: 200, error: '' });
  expect(said.text).toMatch(/^.{8,11}$/);
  expect(said.tokens).toBe(Math.ceil(said.text.length / 4));
  expect([metrics.sse_stream_failed?.value, metrics.http_req_failed?.value]).toEqual([0, 0]);
});

test('reports the body of an error response', async () => {
  const { said } = await ask(null, { KEY: '' });
  expect(said).toMatchObject({ ended: 'refused', status: 401 });
  expect(said.body).toContain('invalid_api_key');
});

test("ends with its iteration and doesn't delay it", async () => {
  await lab.inject('groq', { kind: 'stall', bytes: 300, next: 1 });
  const source = ASKS.replace(
    'export const options = {',
    "export const options = { scenarios: { one: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } },",
  ).replace("timeout: '200s'", "timeout: '600s'");
  const begun = performance.now();
  const { exitCode, said } = await runSource(source, {
    env: { GROQ: lab.fakes.upstreams.groq, KEY: 'gsk_test', IDLE: '600s' },
    environment: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
  });
  expect([exitCode, said]).toEqual([0, []]);
  // This is less than any of its timeouts.
  expect(performance.now() - begun).toBeLessThan(HANG_MS);
});

test.each([
  ['the URL is invalid', 'http://[', ''],
  ['a handler throws', undefined, "client.on('event', () => { throw new Error('handler'); });"],
])('an iteration can end if the script catches an error because %s', async (_, invalid, handle) => {
  const endless = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n');
  });
  await once(endless.listen(0, '127.0.0.1'), 'listening');
  const url = invalid ?? `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const { said, metrics } = await runSource(`
    import sse from 'k6/x/sse';
    export const options = {
      scenarios: { one: { executor: 'per-vu-iterations', maxDuration: '2s', gracefulStop: '0s' } },
    };
    export default () => {
      try {
        sse.open('${url}', {}, (client) => { ${handle} });
      } catch (error) {
        console.log('caught');
      }
    };`);
  endless.closeAllConnections();
  endless.close();
  expect(said).toEqual(['caught']);
  expect(metrics.iterations?.count).toBe(1);
});
