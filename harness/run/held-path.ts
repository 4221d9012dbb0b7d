import type { ScriptContext } from '../contract/script-context.ts';

/** Calls that can be held, and where. */
export interface HeldPath {
  readonly endpoint: string;
  /** Undefined if calls are held at a locked table. */
  readonly upstream?: string;
  /** For how long calls can be held, without a timeout. */
  readonly milliseconds: number;
}

/** For how long calls are held at most and at least, in milliseconds, and as a share of their timeout. */
const [LONGEST_MS, SHORTEST_MS, OF_TIMEOUT] = [2_000, 300, 0.8];

/**
 * Returns the endpoint whose calls can be held for the longest time: at an HTTP upstream that may get any number of
 * calls, or else at the table of the pool. Undefined if there is none.
 */
export function heldPathOf(context: ScriptContext): HeldPath | undefined {
  const { endpoints, upstreams, timeouts, breakers, pool } = context;
  const paths = Object.entries(endpoints).flatMap(([endpoint, { reaches, file, stream }]) =>
    file || stream ? [] : reaches.map((upstream) => ({ endpoint, upstream })),
  );
  const open = paths.filter(({ upstream }) => {
    const described = upstreams[upstream];
    return described?.protocol === 'http' && described.concurrency === undefined && described.quota === undefined;
  });
  const held = open.map((path): HeldPath => {
    const seconds = [
      ...timeouts.filter(({ upstream }) => upstream === path.upstream).map((timeout) => timeout.seconds),
      ...Object.values(breakers).flatMap((breaker) =>
        breaker.upstream === path.upstream ? (breaker.callTimeoutSeconds ?? []) : [],
      ),
    ];
    return { ...path, milliseconds: Math.min(LONGEST_MS, ...seconds.map((each) => each * 1_000 * OF_TIMEOUT)) };
  });
  const locked: HeldPath[] = pool
    ? [{ endpoint: pool.endpoint, milliseconds: Math.min(LONGEST_MS, pool.acquireTimeoutSeconds * 1_000 * OF_TIMEOUT) }]
    : [];
  const all = (held.length > 0 ? held : locked).filter(({ milliseconds }) => milliseconds >= SHORTEST_MS);
  return all.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
}
