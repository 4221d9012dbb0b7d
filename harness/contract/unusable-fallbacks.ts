import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { fallbackOf } from './schema/fallback.ts';
import { undeclared } from './unreachable-upstreams.ts';
import { unusableFault } from './unusable-promises.ts';

/** Finds fallbacks whose upstreams can't be called in the given order, and faults that the first of them can't have. */
export function unusableFallbacks({ endpoints, upstreams, start }: Contract): Problem[] {
  // A service that is already running has its own upstreams.
  if (start.running) return [];
  return Object.entries(endpoints).flatMap(([name, { fallback, reaches }]) => {
    const promised = fallbackOf(fallback);
    if (!promised) return [];
    const { order } = promised;
    const path = ['endpoints', name, 'fallback'];
    const problems = order.flatMap((upstream, index) =>
      wrongUpstream([...path, ...(Array.isArray(fallback) ? [] : ['order']), index], upstream, {
        upstreams,
        reaches,
        before: order.slice(0, index),
      }),
    );
    return problems.length > 0 ? problems : unusableFaults(path, promised, upstreams);
  });
}

function wrongUpstream(
  path: Problem['path'],
  upstream: string,
  { upstreams, reaches, before }: Pick<Contract, 'upstreams'> & { reaches: readonly string[]; before: string[] },
): Problem[] {
  const problems = undeclared(path, upstream, upstreams);
  if (problems.length > 0) return problems;
  const say = (message: string): Problem[] => [{ path, message: `"${upstream}" ${message}` }];
  if ('tcp' in (upstreams[upstream] ?? {})) return say('is a TCP server; only HTTP upstreams can be a fallback');
  if (before.includes(upstream)) return say('is in the order twice');
  const isReached = reaches.includes(upstream);
  if (before.length === 0) return isReached ? [] : say('is called first; list it in `reaches`');
  return isReached ? say('is called only if another one fails; remove it from `reaches`') : [];
}

function unusableFaults(
  path: Problem['path'],
  { order, on = [], never }: NonNullable<ReturnType<typeof fallbackOf>>,
  upstreams: Contract['upstreams'],
): Problem[] {
  const first = order.slice(0, 1).flatMap((name) => upstreams[name] ?? []);
  return Object.entries({ on, never }).flatMap(([field, faults]) =>
    faults.flatMap((fault, index) => unusableFault([...path, field, index], String(fault), first)),
  );
}
