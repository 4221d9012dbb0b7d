import { z } from 'zod';
import type { DeclaredUpstream, Kind } from '../../mocks/declared-upstream.ts';
import { providers } from '../../mocks/providers.ts';
import { upstreams as declaredUpstreams, upstreamName } from '../contract/schema/upstreams.ts';

const KINDS = Object.keys(providers).join(', ');

/** The sources that can be entered, for the question. */
export const SOURCES =
  `${KINDS}, a module with MSW handlers (./payments.ts), an OpenAPI document (./crm.yaml), ` +
  'a real server (http://127.0.0.1:9200), or the host and port of a TCP server (127.0.0.1:6379)';

/** Upstreams, as NAME=SOURCE or just KIND, separated by spaces. */
export const upstreamSources = z
  .string()
  .trim()
  .transform((entered, { addIssue }): Record<string, DeclaredUpstream> => {
    const pairs = entered.split(/\s+/).map((pair) => {
      const [name = '', source = name] = pair.split(/=(.*)/s);
      return { name, source, declared: declare(source) };
    });
    const unknown = pairs.find(({ declared }) => declared === undefined);
    if (unknown) {
      addIssue(`"${unknown.source}" is not one of: ${SOURCES}`);
      return z.NEVER;
    }
    const [wrong] = pairs.flatMap(({ name }) => upstreamName.safeParse(name).error?.issues ?? []);
    if (wrong) {
      addIssue(wrong.message);
      return z.NEVER;
    }
    const parsed = declaredUpstreams.safeParse(Object.fromEntries(pairs.map(({ name, declared }) => [name, declared])));
    if (parsed.success && Object.keys(parsed.data).length === pairs.length) return parsed.data;
    addIssue(parsed.error?.issues[0]?.message ?? 'each upstream needs a different name: NAME=SOURCE');
    return z.NEVER;
  });

/** Returns the upstream with this source, or undefined if the source is not known. */
function declare(source: string): DeclaredUpstream | undefined {
  if (Object.hasOwn(providers, source)) return { kind: source as Kind };
  if (/^https?:\/\/[^/?#]+\/?$/.test(source)) return { forward: source.replace(/\/$/, '') };
  if (/\.(ya?ml|json)$/i.test(source)) return { openapi: source };
  if (/\.[cm]?[jt]s$/i.test(source)) return { handlers: source };
  return /^[^/]+:\d+$/.test(source) ? { tcp: source } : undefined;
}
