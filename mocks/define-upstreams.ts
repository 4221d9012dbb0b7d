import { parseFields } from '../faults/base/parse-fields.ts';
import { Refusal } from '../faults/base/refusal.ts';
import type { Provider } from '../faults/fakes/provider.ts';
import { fakeOf, type UpstreamDefinition } from '../faults/fakes/upstream-definition.ts';
import type { DeclaredUpstream } from './declared-upstream.ts';
import { providers } from './providers.ts';

/** Returns the definitions of declared upstreams, by name. @throws Refusal for invalid settings of a kind */
export function defineUpstreams<Name extends string>(
  declared: Readonly<Record<Name, DeclaredUpstream>>,
): Record<Name, UpstreamDefinition> {
  const defined = Object.entries<DeclaredUpstream>(declared).map(([name, one]) => [name, defineUpstream(one)]);
  return Object.fromEntries(defined);
}

function defineUpstream({ host, ...declared }: DeclaredUpstream): UpstreamDefinition {
  const definition = fakeOf(providers[declared.kind], settingsOf(declared));
  return { ...definition, hosts: [...definition.hosts, ...(host === undefined ? [] : [host])] };
}

/**
 * Returns the validated settings of an instance of a kind. `models` is short for the setting of that name.
 *
 * @throws Refusal `unknown-field` or `invalid-field`
 */
export function settingsOf({
  kind,
  models,
  settings,
}: Pick<DeclaredUpstream, 'kind' | 'models' | 'settings'>): Record<string, unknown> {
  const { shape }: Provider['settings'] = providers[kind].settings;
  if (models && !('models' in shape)) throw new Refusal('unknown-field', `the fake of ${kind} has no models`);
  if (models && settings && 'models' in settings) {
    throw new Refusal('invalid-field', 'models are listed twice: in "models" and in "settings"');
  }
  return parseFields(shape, { ...settings, ...(models && { models }) }, `settings of ${kind}`);
}
