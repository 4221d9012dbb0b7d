import type { createClient } from '@redis/client';
import type { SharedCounter } from './shared-window-store.ts';

// A window without an expiry has just started. If a window ends later than a new one would, the clock was set back.
const HIT = `
  local hits = redis.call('INCR', KEYS[1])
  local left = redis.call('PTTL', KEYS[1])
  if left < 0 or left > tonumber(ARGV[1]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    left = tonumber(ARGV[1])
  end
  return {hits, left}`;
const TAKE_BACK = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECR', KEYS[1]) end`;

type Redis = Pick<ReturnType<typeof createClient>, 'eval' | 'get' | 'pTTL' | 'del'>;

/** Creates a counter in Redis, with one script call per hit. `prefix` identifies the limit. */
export function redisCounter(client: Redis, prefix: string, windowMs: number): SharedCounter {
  const named = (key: string) => `${prefix}:${key}`;
  const run = (script: string, key: string) =>
    client.eval(script, { keys: [named(key)], arguments: [String(windowMs)] });
  return {
    async hit(key) {
      const [hits, leftMs] = (await run(HIT, key)) as [number, number];
      return { hits, leftMs };
    },
    async peek(key) {
      const [hits, leftMs] = await Promise.all([client.get(named(key)), client.pTTL(named(key))]);
      return hits === null || leftMs <= 0 ? undefined : { hits: Number(hits), leftMs };
    },
    takeBack: async (key) => void (await run(TAKE_BACK, key)),
    forget: async (key) => void (await client.del(named(key))),
  };
}
