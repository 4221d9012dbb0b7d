import { z } from 'zod';
import { parseFields } from '../faults/base/parse-fields.ts';
import { Refusal } from '../faults/base/refusal.ts';
import type { Provider } from '../faults/fakes/provider.ts';
import {
  fakeOf,
  type HttpDefinition,
  type TcpDefinition,
  type UpstreamDefinition,
} from '../faults/fakes/upstream-definition.ts';
import type { DeclaredUpstream } from './declared-upstream.ts';
import { providers } from './providers.ts';
import { realAddressOf } from './real-address.ts';

type OfKind = Extract<DeclaredUpstream, { kind: unknown }>;

/**
 * Returns the definitions for declared upstreams by name.
 *
 * @throws Refusal if the settings are invalid for their kind, or if the real API's host is unknown but needed
 */
export function defineUpstreams<Name extends string>(
  declared: Readonly<Record<Name, DeclaredUpstream>>,
): Record<Name, UpstreamDefinition> {
  const defined = Object.entries<DeclaredUpstream>(declared).map(([name, declaration]) => [
    name,
    defineUpstream(declaration),
  ]);
  return Object.fromEntries(defined);
}

/**
 * Returns the definition for a declared upstream without starting anything.
 *
 * @throws The same errors as `defineUpstreams`
 */
export function defineUpstream(declared: DeclaredUpstream): UpstreamDefinition {
  if ('tcp' in declared) return { tcp: addressOf(declared.tcp), calls: declared.calls };
  const definition = sourceOf(declared);
  const { tls = true } = declared;
  const real = realAddressOf(declared);
  const host = real?.host ?? declared.host;
  return {
    ...definition,
    tls,
    hosts: [...definition.hosts, ...(host === undefined ? [] : [host])],
    ...(real && { proxied: `${real.host}:${real.port}` }),
  };
}

function sourceOf(declared: Exclude<DeclaredUpstream, { tcp: unknown }>): HttpDefinition {
  if ('kind' in declared) return fakeOf(providers[declared.kind], settingsOf(declared));
  // Only the process of the fakes creates them, and only it needs to load them.
  if ('forward' in declared) {
    return withoutSettings(async () =>
      (await import('../faults/sources/forward-upstream.ts')).createForwardUpstream(declared.forward),
    );
  }
  if ('openapi' in declared) {
    const { openapi: file } = declared;
    return withoutSettings(async ({ seed }) =>
      (await import('../faults/sources/openapi/openapi-upstream.ts')).createOpenApiUpstream({ file, seed }),
    );
  }
  const { handlers: file, origin } = declared;
  return withoutSettings(
    async () =>
      (await import('../faults/sources/handlers/handlers-upstream.ts')).createHandlersUpstream({
        file,
        ...(origin !== undefined && { origin }),
      }),
    origin,
  );
}

/** Defines an upstream without settings. `origin` is the real API's origin, if known. */
const withoutSettings = (create: HttpDefinition['create'], origin?: string): HttpDefinition => ({
  hosts: origin === undefined ? [] : [new URL(origin).hostname],
  tls: true,
  settings: z.strictObject({}),
  create,
});

/** Returns the host, without brackets, and the port of an address such as `[::1]:6379`. */
function addressOf(address: string): TcpDefinition['tcp'] {
  const { hostname, port } = new URL(`tcp://${address}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/**
 * Returns the validated settings for a fake of the given kind. `models` and `conversation` are shortcuts for the settings
 * with these names.
 *
 * @throws Refusal `unknown-field` or `invalid-field`
 */
export function settingsOf({ kind, models, conversation, settings }: OfKind): Record<string, unknown> {
  const { shape }: Provider['settings'] = providers[kind].settings;
  const direct = { ...(models && { models }), ...(conversation && { conversation }) };
  for (const name of Object.keys(direct)) {
    if (!(name in shape)) throw new Refusal('unknown-field', `the fake of ${kind} has no ${name}`);
    if (Object.hasOwn(settings ?? {}, name)) {
      throw new Refusal('invalid-field', `"${name}" is there twice: directly and in "settings"`);
    }
  }
  return parseFields(shape, { ...settings, ...direct }, `settings of ${kind}`);
}
