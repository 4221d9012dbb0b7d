import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpResponse } from 'msw';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../../faults/control/guard.ts';
import type { Provider } from '../../faults/fakes/provider.ts';
import { startFakes } from '../../faults/fakes/start-fakes.ts';
import { fakeOf } from '../../faults/fakes/upstream-definition.ts';
import { route } from '../../faults/upstream/route.ts';
import { providers } from '../../mocks/providers.ts';

const ROOT = join(import.meta.dirname, '../..');
const settings = z.strictObject({ unit: z.enum(['C', 'F']).default('C').describe('C or F') });

/** A provider that isn't part of the repository. */
const weather: Provider<typeof settings> = {
  origin: 'https://api.weather.example',
  settings,
  async create({ settings: given = {} }) {
    let current = settings.parse(given);
    return {
      handlers: [route.get('*/v1/weather', () => HttpResponse.json({ temperature: 20, unit: current.unit }))],
      errorResponse: (status) => HttpResponse.json({ problem: status }, { status }),
      unknownPath: () => new HttpResponse(null, { status: 404 }),
      get settings() {
        return current;
      },
      configure(next) {
        current = settings.parse(next);
      },
    };
  },
  usage: { setting: 'WEATHER_URL', keySetting: 'WEATHER_KEY', basePath: '/v1', packages: [] },
};

test('another provider is served with a certificate for its host, settings, faults and receipts', async () => {
  await using fakes = await startFakes({ weather: fakeOf(weather) });
  const connect = { ca: fakes.ca, servername: 'api.weather.example' };
  await using agent = Object.assign(new Agent({ connect }), { [Symbol.asyncDispose]: () => agent.destroy() });
  const get = async () => {
    const { statusCode, body } = await request(`${fakes.upstreams.weather}/v1/weather`, { dispatcher: agent });
    return { status: statusCode, body: await body.json() };
  };
  const control = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json', ...bearer(fakes.token) };
    const response = await fetch(fakes.control + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json();
  };

  expect(await get()).toEqual({ status: 200, body: { temperature: 20, unit: 'C' } });
  expect(await control('PUT', '/upstreams/weather/settings', { unit: 'F' })).toEqual({ unit: 'F' });
  expect(await get()).toEqual({ status: 200, body: { temperature: 20, unit: 'F' } });
  await control('POST', '/upstreams/weather/faults', { kind: 'status', status: 503 });
  expect(await get()).toEqual({ status: 503, body: { problem: 503 } });
  expect(await control('GET', '/receipts?upstream=weather')).toMatchObject({
    receipts: [{ status: 200 }, { status: 200 }, { status: 503, faults: ['f1:status'] }],
  });
});

test('only the registry lists the providers', async () => {
  const names = Object.keys(providers).map((name) => new RegExp(`\\b${name}\\b`, 'i'));
  const listing: string[] = [];
  for await (const file of glob(['faults/**/*.ts', 'harness/**/*.ts', 'mocks/*'], { cwd: ROOT })) {
    if (file.endsWith('.md') || !/\.\w+$/.test(file)) continue;
    const text = await readFile(join(ROOT, file), 'utf8');
    if (names.every((name) => name.test(text))) listing.push(file);
  }
  expect(listing).toEqual(['mocks/providers.ts']);
});
