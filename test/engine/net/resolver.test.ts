import { expect, test, vi } from 'vitest';
import { type Address, DEFAULT_DNS, type DnsOptions, Resolver } from '../../../engine/net/resolver.ts';

const A: Address = { address: '192.0.2.1', family: 4 };
const B: Address = { address: '2001:db8::1', family: 6 };
const C: Address = { address: '192.0.2.2', family: 4 };

/** Creates a resolver whose system knows a single host. The test controls its clock and its random numbers. */
function resolverOf(options: Partial<DnsOptions>, addresses: Address[] = [A, B, C]) {
  const at = { now: 0, random: 0 };
  const lookup = vi.fn(async () => addresses);
  const sources = { lookup, now: () => at.now, random: () => at.random };
  const resolver = new Resolver({ ...DEFAULT_DNS, ...options }, sources);
  return { at, lookup, resolve: async (host = 'host') => (await resolver.resolve(host)).address };
}

test.each([
  ['preferIPv4', [A, B], A],
  ['preferIPv4', [B], B],
  ['preferIPv6', [A, B], B],
  ['preferIPv6', [A], A],
  ['onlyIPv4', [B, A], A],
  ['onlyIPv6', [A, B], B],
  ['any', [B, A], B],
] as const)('%s of %j takes %j', async (policy, addresses, expected) => {
  const { resolve } = resolverOf({ policy, select: 'first' }, [...addresses]);
  expect(await resolve()).toBe(expected.address);
});

test.each(['onlyIPv4', 'onlyIPv6'] as const)(
  '%s reports an unknown host if it has no address of that family',
  async (policy) => {
    const { resolve } = resolverOf({ policy }, policy === 'onlyIPv4' ? [B] : [A]);
    await expect(resolve()).rejects.toMatchObject({ code: 'ENOTFOUND' });
  },
);

test('selects the first address, a random one, or each in turn', async () => {
  const first = resolverOf({ select: 'first' });
  expect([await first.resolve(), await first.resolve()]).toEqual([A.address, A.address]);
  const random = resolverOf({ select: 'random' });
  random.at.random = 0.99;
  expect(await random.resolve()).toBe(C.address);
  random.at.random = 0;
  expect(await random.resolve()).toBe(A.address);
  const turns = resolverOf({ select: 'roundRobin' });
  const taken = [await turns.resolve(), await turns.resolve(), await turns.resolve(), await turns.resolve('other')];
  expect(taken).toEqual([A.address, C.address, A.address, A.address]);
});

test('resolves again after the TTL', async () => {
  const { at, lookup, resolve } = resolverOf({ ttl: 1_000 });
  await Promise.all([resolve(), resolve()]);
  at.now = 999;
  await resolve();
  expect(lookup).toHaveBeenCalledTimes(1);
  at.now = 1_000;
  await resolve();
  expect(lookup).toHaveBeenCalledTimes(2);
});

test('with a TTL of 0 it resolves each time, and with an infinite TTL only once', async () => {
  const never = resolverOf({ ttl: 0 });
  await never.resolve();
  await never.resolve();
  expect(never.lookup).toHaveBeenCalledTimes(2);
  const ever = resolverOf({ ttl: Number.POSITIVE_INFINITY });
  await ever.resolve();
  ever.at.now = 1e12;
  await ever.resolve();
  expect(ever.lookup).toHaveBeenCalledTimes(1);
});

test("doesn't cache failures", async () => {
  const { lookup, resolve } = resolverOf({});
  lookup.mockRejectedValueOnce(Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' }));
  await expect(resolve()).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  expect(await resolve()).toBe(A.address);
});
