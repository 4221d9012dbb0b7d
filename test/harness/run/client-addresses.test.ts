import { expect, test } from 'vitest';
import { clientAddresses, clientPrefix } from '../../../harness/run/client-addresses.ts';

test('gives each seed its own range, within loopback and away from 127.0.0.1', () => {
  const ranges = Array.from({ length: 1_000 }, (_, seed) => clientAddresses('socket', 8, seed));
  expect(new Set(ranges).size).toBe(1_000);
  for (const range of ranges)
    expect(range).toMatch(/^127\.(1[6-9]|[2-9]\d|1\d\d|2[0-4]\d|25[0-4])\.\d+\.1-127\.\d+\.\d+\.8$/);
});

test('rejects more clients than a range has addresses', () => {
  expect(() => clientAddresses('socket', 251, 1)).toThrow('251 clients; there can be 250');
});

test('clients with public addresses have those of TEST-NET-3, with every seed', () => {
  expect(clientAddresses('socket', 250, 7, true)).toBe('203.0.113.1-203.0.113.250');
  expect(clientAddresses('key', 250, 1_000, true)).toBe('203.0.113.1-203.0.113.1');
});

test('clients that the service does not know by their address share one', () => {
  expect(clientAddresses('key', 8, 7)).toBe('127.16.7.1-127.16.7.1');
});

test('clients are named by an address in a forwarded header, and by a text elsewhere', () => {
  expect(clientPrefix({ forwarded: { header: 'X-Forwarded-For', hop: 1 } }, 263)).toBe('198.19.7.');
  expect(clientPrefix({ header: 'X-Tenant' }, 263)).toBe('client-7b-');
});
