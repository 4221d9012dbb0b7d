import { expect, test } from 'vitest';
import { admitHost, hostElsewhere } from '../../../harness/contract/allowed-host.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { startLab } from '../../../harness/index.ts';
import { limitedContract, startLimitedServer } from '../../support/limited-server.ts';
import { written } from './contract-files.ts';

const at = (url: string) => ({ start: { running: { url }, readyPath: '/', readySeconds: 1 } });

test.each([
  ['http://127.0.0.1:8000', undefined],
  ['http://127.1.2.3', undefined],
  ['http://localhost:8000', 'localhost'],
  ['https://STAGING.example.org', 'staging.example.org'],
  ['http://127.0.0.1.example.org', '127.0.0.1.example.org'],
  ['http://0.0.0.0:80', '0.0.0.0'],
  ['http://[::1]:80', '[::1]'],
])('the host of %s is %s', (url, host) => {
  expect(hostElsewhere(at(url))).toBe(host);
});

test('a service that the lab starts is on this machine', () => {
  expect(hostElsewhere({ start: { command: ['x'], readyPath: '/', readySeconds: 1 } })).toBeUndefined();
});

test('only the exact name of a host is allowed', () => {
  const contract = at('http://api.example.org');
  expect(() => admitHost(contract, ['example.org', 'x.api.example.org'])).toThrow(
    'at api.example.org; allowed: example.org, x.api.example.org. ' +
      'If its owner agrees to the load, allow it: --allow-host api.example.org',
  );
  expect(() => admitHost(contract, ['other', 'api.example.org'])).not.toThrow();
});

test('a contract of a service elsewhere can be read, but is used only if its host is allowed', async () => {
  const path = await written(limitedContract('http://api.example.org'));
  expect((await loadContract(path)).start.running?.url).toBe('http://api.example.org');
  await expect(loadContract(path, { profile: 'fast' })).rejects.toMatchObject({
    code: 'HOST_NOT_ALLOWED',
    exitCode: 2,
  });
  const used = loadContract(path, { profile: 'fast', allowHost: ['api.example.org'] });
  await expect(used).resolves.toMatchObject({ name: 'a limited server' });
});

test('startLab of a service elsewhere needs its host as well', async () => {
  await using server = await startLimitedServer();
  const contract = await written(limitedContract(server.url.replace('127.0.0.1', 'localhost')));
  await expect(startLab({ contract })).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  await expect(startLab({ contract, allowHost: ['localhost:80'] })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('the host "localhost:80" is not allowed'),
  });
  await using lab = await startLab({ contract, allowHost: ['LOCALHOST'] });
  expect((await fetch(`${lab.url}/limited`)).status).toBe(200);
});
