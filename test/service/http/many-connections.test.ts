import { beforeAll, expect, test } from 'vitest';
import { sharedPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { openRaw } from '../support/raw-connection.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { CONVERSATION } from '../support/test-app.ts';
import { bearer, SECRET_KEY } from '../support/tokens.ts';
import { calling, json, startUpstream } from '../support/upstream-server.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await sharedPostgres();
});

const FILES = 300;

test('connections with unfinished headers neither block others nor open a breaker', async () => {
  await using groq = await startUpstream(json(200, { choices: [{ message: { content: 'Ada likes to swim.' } }] }));
  await using mem0 = await startUpstream(json(200, { event_id: 'm-1', status: 'PENDING' }));
  const settings = {
    PORT: '0',
    SECRET_KEY,
    DATABASE_URL: await postgres.createDatabase(),
    GROQ_API_KEY: 'gsk_test',
    ...calling(groq, mem0),
    MEM0_API_KEY: 'm0-test',
    REQUEST_HEADERS_TIMEOUT_MS: '1000',
    // On a busy machine, other requests would be refused as overload.
    LOAD_SHED_EVENT_LOOP_DELAY_MS: '60000',
  };
  await using service = new ServiceProcess(settings, { openFiles: FILES });
  const url = await service.listening();
  const held = Array.from({ length: FILES }, () => openRaw(url, '127.0.0.9'));
  for (const connection of held) connection.send('GET /health HTTP/1.1\r\nHo');
  // Connections that are refused end at once. By then, the service has accepted all of them.
  await Promise.race(held.map((connection) => connection.statuses()));
  for (let n = 0; n < 10; n += 1) {
    const ended = await fetch(`${url}/v1/conversations/end`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer('ada') },
      body: JSON.stringify({ ...CONVERSATION, conversation_id: `c-${n}` }),
    });
    expect(ended.status).toBe(201);
  }
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('circuit_breaker_openings_total{breaker="llm"} 0');
  expect(metrics).toMatch(/^connections_refused_total\{reason="address"\} [1-9]\d+$/m);
  expect(service.stdout).toContain('connections refused');
  // Accepted connections get a response when they time out.
  const answers = await Promise.all(held.map((connection) => connection.statuses()));
  expect(new Set(answers.flat())).toEqual(new Set([408]));
});
