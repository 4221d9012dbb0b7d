import { request } from 'undici';
import { expect, test } from 'vitest';
import { bearer } from '../../faults/control/guard.ts';
import { startFakes } from '../../faults/fakes/start-fakes.ts';
import { oneOfEachKind } from '../../mocks/declared-upstream.ts';
import { defineUpstreams } from '../../mocks/define-upstreams.ts';
import { readFlags } from '../../mocks/flags.ts';

test('in a container, listens on every address on fixed ports', () => {
  expect(readFlags(['--in-container'])).toMatchObject({
    host: '0.0.0.0',
    controlHost: '0.0.0.0',
    firstPort: 4000,
  });
});

test('otherwise, listens on loopback on free ports', () => {
  expect(readFlags([])).toMatchObject({ host: '127.0.0.1', controlHost: '127.0.0.1', firstPort: undefined });
});

test('the control API rejects foreign hosts even if it listens on every address', async () => {
  await using fakes = await startFakes(defineUpstreams(oneOfEachKind), { host: '0.0.0.0', controlHost: '0.0.0.0' });
  expect(fakes.upstreams.groq).toMatch(/^https:\/\/0\.0\.0\.0:\d+$/);
  const control = `http://127.0.0.1:${new URL(fakes.control).port}`;
  const ask = async (host: string) => {
    const headers = { host, ...bearer(fakes.token) };
    return (await request(`${control}/receipts/count`, { headers })).statusCode;
  };
  // A published port differs from the port in the container.
  expect(await ask('127.0.0.1:32768')).toBe(200);
  expect(await ask('fakes.example:4000')).toBe(403);
  expect((await fetch(`${control}/receipts/count`)).status).toBe(403);
});
