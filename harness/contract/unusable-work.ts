import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { isHttp } from './is-http.ts';
import { servedWithoutOf } from './schema/fallback.ts';
import { workedBy } from './schema/finishes-later.ts';
import { undeclared } from './unreachable-upstreams.ts';

/** Finds work that an endpoint finishes later, but that no upstream can put to the test. */
export function unusableWork(contract: Contract): Problem[] {
  const { endpoints, upstreams, start } = contract;
  // A service that is already running has its own upstreams.
  if (start.running) return [];
  return Object.entries(endpoints).flatMap(([name, endpoint]): Problem[] => {
    if (!endpoint.finishesLater) return [];
    const path = ['endpoints', name, 'finishesLater'];
    const optional = servedWithoutOf(endpoint);
    const wrong = (endpoint.finishesLater.upstreams ?? []).flatMap((upstream, index): Problem[] => {
      const at = [...path, 'upstreams', index];
      const problems = undeclared(at, upstream, upstreams);
      if (problems.length > 0) return problems;
      if (!isHttp(contract, upstream)) return [{ path: at, message: `"${upstream}" is no HTTP upstream` }];
      if (!optional.includes(upstream)) return [];
      return [{ path: at, message: `"${name}" is served without "${upstream}"; remove one of the two promises` }];
    });
    if (wrong.length > 0 || workedBy(endpoint).some((upstream) => isHttp(contract, upstream))) return wrong;
    return [{ path, message: 'no HTTP upstream gets its work; list one in `upstreams`' }];
  });
}
