import type { Provider } from '../../../faults/fakes/provider.ts';
import { providers } from '../../../mocks/providers.ts';
import type { FoundAnswers } from './source.ts';

/**
 * Returns the answers that a service's dependencies give: the providers whose clients it uses.
 *
 * @param names The names of the packages.
 * @param from The file that lists them.
 */
export function answersInDependencies(names: readonly string[], from: string): FoundAnswers {
  const used = Object.entries<Provider>(providers).filter(([, { usage }]) =>
    usage.packages.some((name) => names.includes(name)),
  );
  return used.length === 0 ? {} : { upstreams: { answer: used.map(([kind]) => kind).join(' '), from } };
}
