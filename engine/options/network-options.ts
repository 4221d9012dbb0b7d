import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import { named } from '../base/json-rules.ts';
import { orNothing } from '../base/or-nothing.ts';
import { DEFAULT_DNS, type DnsOptions } from '../net/resolver.ts';
import { opensslName, TLS_VERSIONS } from '../net/tls-settings.ts';

const version = z.enum(['', ...TLS_VERSIONS], {
  error: ({ input }) => `unknown TLS version '${String(input)}': there are ${TLS_VERSIONS.join(', ')}`,
});

/** The `tlsVersion` option: one version, or the lowest and highest version. */
export const tlsVersion = z
  .union([
    z.string().transform((single) => ({ min: single, max: single })),
    z
      .strictObject({ min: z.string().nullish(), max: z.string().nullish() })
      // As in Go, null sets nothing. So does undefined, such as a constant that k6 no longer has.
      .transform(({ min, max }): { min?: string | undefined; max?: string | undefined } => ({
        min: min ?? undefined,
        max: max ?? undefined,
      })),
  ])
  .pipe(z.object({ min: version.optional(), max: version.optional() }))
  .refine(({ min, max }) => !min || !max || TLS_VERSIONS.indexOf(min) <= TLS_VERSIONS.indexOf(max), {
    error: 'the lowest TLS version is above the highest',
  });

/** The `tlsCipherSuites` option, with standard names. */
export const tlsCipherSuites = z.array(
  z.string().refine((suite) => opensslName(suite) !== undefined, {
    error: ({ input }) => `the cipher suite '${String(input)}' is not available in the embedded engine`,
  }),
);

/** The `tlsAuth` option. Certificates are loaded at once, so that an invalid one is an error here. */
export const tlsAuth = z.array(
  z
    .strictObject({
      cert: z.string(),
      key: z.string(),
      password: z.string().optional(),
      domains: z.array(z.string()).optional(),
    })
    .superRefine(({ cert, key, password }, context) => {
      try {
        const { createSecureContext } = process.getBuiltinModule('node:tls');
        createSecureContext({ cert, key, ...(password !== undefined && { passphrase: password }) });
      } catch (error) {
        context.addIssue(`certificate and key can't be read: ${(error as Error).message}`);
      }
    }),
);

/** The host patterns that k6 allows: a wildcard may only be at the start. */
const NAME = /(\*\.?)?(([a-z\d]|[a-z\d][a-z\d-]*[a-z\d])(\.([a-z\d]|[a-z\d][a-z\d-]*[a-z\d]))*)?/;
const PATTERN = new RegExp(`^${NAME.source}$`, 'i');
const PATTERN_WITH_PORT = new RegExp(`^${NAME.source}(:\\d+)?$`, 'i');

/** The `hosts` option: addresses by host name or pattern, with an optional port. */
export const hosts = z
  .record(z.string(), z.string())
  .superRefine((given, context) => {
    const wrong = Object.keys(given).find((pattern) => !PATTERN_WITH_PORT.test(pattern));
    if (wrong !== undefined) context.addIssue(`invalid host pattern '${wrong.toLowerCase()}'`);
  })
  .transform((given) =>
    Object.fromEntries(Object.entries(given).map(([name, address]) => [name.toLowerCase(), address])),
  );

/** The `blockHostnames` option. */
export const blockHostnames = z.array(
  z
    .string()
    .regex(PATTERN, { error: ({ input }) => `invalid hostname pattern '${String(input)}'` })
    .transform((pattern) => pattern.toLowerCase()),
);

/** The `blacklistIPs` option: networks in CIDR notation. */
export const blacklistIPs = z.array(z.string()).transform((networks, context) => {
  const list = new BlockList();
  for (const network of networks) {
    if (addNetwork(list, network)) continue;
    context.addIssue(`failed to parse CIDR '${network}'`);
    return z.NEVER;
  }
  return list;
});

/** The `dns` option. */
export const dns = named(
  z.object({
    ttl: z.string().optional(),
    select: z.enum(['first', 'random', 'roundRobin']).optional(),
    policy: z.enum(['preferIPv4', 'preferIPv6', 'onlyIPv4', 'onlyIPv6', 'any']).optional(),
  }),
).transform(({ ttl, select, policy }, context): DnsOptions => {
  const read = ttl ? orNothing(() => parseDuration(ttl)) : DEFAULT_DNS.ttl;
  const ms = ttl === 'inf' ? Number.POSITIVE_INFINITY : read;
  if (ms !== undefined) return { ttl: ms, select: select ?? DEFAULT_DNS.select, policy: policy ?? DEFAULT_DNS.policy };
  context.addIssue(`invalid DNS TTL: ${ttl}`);
  return z.NEVER;
});

/** Adds a network in CIDR notation, such as `10.0.0.0/8`, to a list. Returns false if the text is not one. */
function addNetwork(list: BlockList, text: string): boolean {
  const [, address = '', prefix = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  list.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}
