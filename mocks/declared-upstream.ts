import { z } from 'zod';
import { providers } from './providers.ts';

/** A kind of built-in fake. */
export type Kind = keyof typeof providers;

const KINDS = Object.keys(providers) as [Kind, ...Kind[]];

const common = {
  basePath: z
    .string()
    .regex(/^(\/[^/?#\s]+)+$/, 'must be a path such as /v1, without a slash at the end')
    .optional()
    .describe('the path that follows the host in ${upstream.NAME}, for example /v1; default: none'),
  host: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be a host name without scheme and port')
    .optional()
    .describe(
      'the host name in ${upstream.NAME}, which must resolve to 127.0.0.1; the trusted certificate is valid for it; default: 127.0.0.1',
    ),
};

const kind = z.strictObject({
  kind: z.enum(KINDS).describe(`a built-in fake: ${KINDS.join(', ')}`),
  models: z.array(z.string().min(1)).min(1).optional().describe('the only models that it serves'),
  settings: z
    .record(z.string(), z.json())
    .optional()
    .describe("the fake's settings, such as quotas (docs/faults.md); default: those of the kind"),
  ...common,
});

/** How a contract declares an upstream: where its responses come from, and how it is reached. */
export const declaredUpstream = kind;

/** An upstream as a contract declares it. */
export type DeclaredUpstream = z.output<typeof declaredUpstream>;

/** Declared upstreams by name. */
export type DeclaredUpstreams = Readonly<Record<string, DeclaredUpstream>>;

/** One upstream of each kind, under the name of its kind. */
export const oneOfEachKind = Object.fromEntries(KINDS.map((one) => [one, { kind: one }])) as Record<
  Kind,
  DeclaredUpstream
>;
