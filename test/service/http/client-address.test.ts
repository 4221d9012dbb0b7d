import { expect, test } from 'vitest';
import { clientAddress, networkOf } from '../../../service/http/client-address.ts';

const PROXY = '10.0.0.1';

const clientOf = (forwarded: string | undefined, hops: number, peer: string | undefined = PROXY) =>
  clientAddress({ socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }, hops);

test.each([undefined, '203.0.113.9', '203.0.113.9, 203.0.113.8'])(
  'ignores X-Forwarded-For: %s without trusted proxies',
  (forwarded) => {
    expect(clientOf(forwarded, 0)).toBe(PROXY);
  },
);

test.each([
  ['198.51.100.7', 1],
  ['spoofed, 198.51.100.7', 1],
  ['203.0.113.9, 203.0.113.8, 198.51.100.7', 1],
  ['198.51.100.7, 10.0.0.2', 2],
  ['203.0.113.9,198.51.100.7 ,10.0.0.2', 2],
  ['198.51.100.7:4711', 1],
  ['203.0.113.9, 198.51.100.7:4712', 1],
  ['::ffff:198.51.100.7', 1],
  ['[::ffff:c633:6407]:443', 1],
])('for %j with %i trusted hops, the client is the one that the outermost proxy saw', (forwarded, hops) => {
  expect(clientOf(forwarded, hops)).toBe('198.51.100.7');
});

test.each([
  ['', 1],
  [undefined, 1],
  ['unknown', 1],
  ['_hidden', 1],
  ['198.51.100.7,', 1],
  ['198.51.100.7, x', 1],
  ['198.51.100.7 203.0.113.9', 1],
  ['198.51.100.007', 1],
  ['198.51.100', 1],
  ['0x7f000001', 1],
  ['[198.51.100.7', 1],
  ['198.51.100.7:port', 1],
  ['1.2.3.4:5:6', 1],
  ['198.51.100.7', 2],
  ['198.51.100.7, 10.0.0.2', 3],
  ['\u0661.2.3.4', 1],
])('for %j with %i trusted hops, nothing is certain, and the peer counts', (forwarded, hops) => {
  expect(clientOf(forwarded, hops)).toBe(PROXY);
});

test.each([
  '::ffff:192.0.2.7',
  '::FFFF:192.0.2.7',
  '::ffff:c000:207',
  '0:0:0:0:0:ffff:c000:207',
  // 6to4: any subnet and host of the client
  '2002:c000:207::1',
  '2002:C000:0207:ffff:1:2:3:4',
  '2002:c000:207:8000::',
  // Teredo: any server, flags and port
  '2001:0:4136:e378:8000:63bf:3fff:fdf8',
  '2001:0000:1:2:0:1:3fff:fdf8',
  // NAT64, in the global and in a local prefix
  '64:ff9b::192.0.2.7',
  '0064:ff9b::c000:207',
  '64:ff9b:1:abcd::c000:207',
  // translated and compatible
  '::ffff:0:192.0.2.7',
  '::192.0.2.7',
])('%s is the IPv4 client', (peer) => {
  expect(clientOf(undefined, 0, peer)).toBe('192.0.2.7');
  expect(clientOf(`203.0.113.9, [${peer}]:443`, 1)).toBe('192.0.2.7');
});

test.each(['2001:1:c000:207::1', '2003:c000:207::1', '64:ff9b:2::c000:207', '64:ff9c::c000:207', '::1', '::'])(
  '%s contains no IPv4 client',
  (peer) => {
    expect(clientOf(undefined, 0, peer)).toMatch(/\/64$/);
  },
);

test('IPv4 clients behind one translator are counted separately', () => {
  expect(clientOf(undefined, 0, '64:ff9b::192.0.2.8')).toBe('192.0.2.8');
  expect(networkOf(clientOf(undefined, 0, '2002:c000:207::1'))).toBe('192.0.0.0/16');
});

test.each(['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:0db8:0001:0002::', '2001:db8:1:2::1%eth0'])(
  '%s is one client with its /64',
  (peer) => {
    expect(clientOf(undefined, 0, peer)).toBe(clientOf(undefined, 0, '2001:db8:1:2::99'));
  },
);

test('neighboring /64s are two clients', () => {
  expect(clientOf(undefined, 0, '2001:db8:1:2::1')).not.toBe(clientOf(undefined, 0, '2001:db8:1:3::1'));
});
