import { request } from 'undici';
import { expect, test } from 'vitest';
import { bearer } from '../../faults/control/guard.ts';
import { startFakes } from '../../faults/fakes/start-fakes.ts';
import { readFlags } from '../../mocks/flags.ts';
import { providers } from '../../mocks/providers.ts';

test('in a container it listens on every address, at ports known before', () => {
  expect(readFlags(['--in-container'])).toMatchObject({
    host: '0.0.0.0',
    controlHost: '0.0.0.0',
    firstPort: 4000,
  });
});

test('without, on loopback and free ports', () => {
  expect(readFlags([])).toMatchObject({ host: '127.0.0.1', controlHost: '127.0.0.1', firstPort: undefined });
});

test('listening on every address, the control API still answers no foreign host', async () => {
  await using fakes = await startFakes(providers, { host: '0.0.0.0', controlHost: '0.0.0.0' });
  expect(fakes.upstreams.groq).toMatch(/^https:\/\/0\.0\.0\.0:\d+$/);
  const control = `http://127.0.0.1:${new URL(fakes.control).port}`;
  const ask = async (host: string) => {
    const headers = { host, ...bearer(fakes.token) };
    return (await request(`${control}/receipts/count`, { headers })).statusCode;
  };
  // A published port is another one than the container's own.
  expect(await ask('127.0.0.1:32768')).toBe(200);
  expect(await ask('fakes.example:4000')).toBe(403);
  expect((await fetch(`${control}/receipts/count`)).status).toBe(403);
});
