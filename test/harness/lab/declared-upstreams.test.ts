import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { newToken } from '../../../faults/base/token.ts';
import { bearer } from '../../../faults/control/guard.ts';
import { listen } from '../../../harness/base/listen.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { startLab } from '../../../harness/lab/lab.ts';
import { controlApi } from '../../../harness/lab/lab-api.ts';
import { ScenarioLab } from '../../../harness/lab/scenario-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A service that returns its settings. */
const SERVICE = `
import { createServer } from 'node:http';
createServer((_, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1');
`;

/** Starts a server that streams two events, and an echo server. Returns their ports. */
async function servers(): Promise<{ http: number; tcp: number }> {
  const http = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: 1\n\ndata: 2\n\n');
  });
  const tcp = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  for (const server of [http, tcp]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
  }
  return { http: (http.address() as AddressInfo).port, tcp: (tcp.address() as AddressInfo).port };
}

test('a service with several upstreams and no database: two of one kind, a forwarded and a TCP server', async () => {
  const ports = await servers();
  const folder = await temporaryFolder({ 'service.mjs': SERVICE });
  const contract = contractSchema.parse({
    name: 'several',
    start: { command: ['node', join(folder, 'service.mjs')], readyPath: '/', readySeconds: 20 },
    upstreams: {
      llm: { kind: 'groq', basePath: '/openai/v1' },
      backup: { kind: 'groq' },
      search: { forward: `http://127.0.0.1:${ports.http}`, tls: false },
      cache: { tcp: `127.0.0.1:${ports.tcp}` },
    },
    environment: {
      PORT: '${port}',
      HOME: '${folder}',
      LLM: '${upstream.llm}',
      BACKUP: '${upstream.backup}',
      SEARCH: '${upstream.search}',
      CACHE: '${upstream.cache}',
    },
    files: { 'addresses.txt': '${setting.LLM}' },
    endpoints: { settings: { method: 'GET', path: '/', served: [200] } },
    profiles: { fast: {} },
  });
  await using lab = await startLab({ postgres: 'auto', contract, profile: 'fast' });
  expect(lab.postgres).toBeUndefined();
  const events: HistoryEvent[] = [];
  const history = { add: (event: HistoryEvent) => void events.push(event) };
  const open = () =>
    ScenarioLab.open({
      lab,
      contract,
      numbers: numbersOf(contract, 'fast'),
      conditions: [],
      beside: [[]],
      history,
      folder,
    });
  const settingsOf = async ({ url }: { url: string }): Promise<Record<string, string>> =>
    JSON.parse(await (await fetch(url)).text());
  let homes: string[];
  {
    await using scenario = await open();
    const [first, second] = [await settingsOf(scenario.service), await settingsOf(scenario.others[0] ?? { url: '' })];
    homes = [first.HOME ?? '', second.HOME ?? ''];
    expect(new Set(homes).size).toBe(2);
    expect(homes.every(existsSync)).toBe(true);
    expect(await readFile(join(homes[0] ?? '', 'addresses.txt'), 'utf8')).toBe(first.LLM);
    expect(new Set([first.LLM, first.BACKUP]).size).toBe(2);
    expect(first.LLM).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/openai\/v1$/);

    const token = newToken();
    await using api = await listen(controlApi(scenario, token));
    const add = async (upstream: string, fault: object) => {
      const headers = { 'content-type': 'application/json', ...bearer(token) };
      const request = { method: 'POST', headers, body: JSON.stringify(fault) };
      return (await fetch(`${api.url}/upstreams/${upstream}/faults`, request)).json();
    };
    const ca = await readFile(lab.fakes.ca, 'utf8');
    await using agent = Object.assign(new Agent({ connect: { ca } }), {
      [Symbol.asyncDispose]: () => agent.destroy(),
    });
    await add('backup', { kind: 'status', status: 503 });
    const models = async (address = '') => {
      const headers = { authorization: 'Bearer gsk_test' };
      return (await agent.request({ ...place(`${address}/models`), method: 'GET', headers })).statusCode;
    };
    expect(await models(first.LLM)).toBe(200);
    expect(await models(`${first.BACKUP}/openai/v1`)).toBe(503);

    const stream = async () => (await fetch(first.SEARCH ?? '')).text();
    expect(await stream()).toBe('data: 1\n\ndata: 2\n\n');
    await add('search', { kind: 'cut-stream', events: 1 });
    await expect(stream()).rejects.toThrow(TypeError);

    const [host, port] = (first.CACHE ?? '').split(':');
    const socket = connect({ host: host ?? '', port: Number(port) });
    socket.write('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('ping');
    const failed = once(socket, 'error');
    await add('cache', { kind: 'reset' });
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });

    expect(await add('database', { kind: 'lock' })).toMatchObject({ error: { code: 'no-database' } });
    expect(await add('cache', { kind: 'status', status: 500 })).toMatchObject({
      error: { code: 'unknown-fault-kind' },
    });
    await scenario.collectReceipts();
  }
  const receipts = events.flatMap((event) => (event.type === 'receipt' && 'faults' in event ? [event] : []));
  expect(receipts.map(({ upstream, faults }) => [upstream, faults])).toEqual([
    ['llm', []],
    ['backup', ['f1:status']],
    ['search', []],
    ['search', ['f2:cut-stream']],
    ['cache', ['f3:reset']],
  ]);
  expect(homes.some(existsSync)).toBe(false);
});

function place(url: string): { origin: string; path: string } {
  const { origin, pathname } = new URL(url);
  return { origin, path: pathname };
}
