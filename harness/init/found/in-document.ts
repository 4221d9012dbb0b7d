import { sampleOf } from '../../../faults/sources/openapi/content.ts';
import { METHODS, type OpenApiDocument, resolveRef } from '../../../faults/sources/openapi/document.ts';
import { isJson } from '../../../faults/sources/openapi/media-type.ts';
import { answersInOperations, endpointAt } from './operations.ts';
import type { FoundAnswer, Source } from './source.ts';

/**
 * Returns the answers in the service's OpenAPI document: its endpoints with their bodies and statuses, the path that
 * reports readiness, and how requests authenticate. A service's base path has to be part of its paths.
 *
 * @param from The document's file or address.
 */
export function answersInDocument(document: OpenApiDocument, from: string): Source {
  const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => {
      const operation: Record<string, unknown> = Object(resolveRef(document, item[method]));
      const found = {
        method: method.toUpperCase(),
        path,
        from,
        body: bodyOf(document, operation),
        served: servedBy(operation),
      };
      return { found, operation };
    }),
  );
  const answers = answersInOperations(described.map(({ found }) => found));
  return (question, earlier) => {
    const main = endpointAt('', earlier);
    // Authentication is asked about before the endpoints.
    const chosen =
      described.find(({ found }) => `${found.method} ${found.path}` === main) ??
      described.find(({ operation }) => Array.isArray(operation.security) && operation.security.length > 0) ??
      described[0];
    return answers(question, earlier) ?? authenticationOf(document, chosen?.operation, question, from);
  };
}

function servedBy({ responses = {} }: { responses?: unknown }): string | undefined {
  const statuses = Object.keys(Object(responses)).filter((status) => /^2\d\d$/.test(status));
  return statuses.length === 0 ? undefined : statuses.join(' ');
}

/** Returns a body that the endpoint accepts, with a new text in each request, or undefined if it accepts no JSON. */
function bodyOf(document: OpenApiDocument, { requestBody }: { requestBody?: unknown }): string | undefined {
  const { content } = Object(resolveRef(document, requestBody));
  const [type, media] = Object.entries<{ schema?: unknown; example?: unknown }>(Object(content)).find(([name]) =>
    isJson(name),
  ) ?? [''];
  if (media === undefined) return undefined;
  const sample = media.example ?? sampleOf(document, media.schema, type);
  return sample === undefined ? undefined : JSON.stringify(sample, (_, value) => (value === 'string' ? TEXT : value));
}

/** The text in place of the sample of a string without a format. */
const TEXT = 'hello ${unique}';

/**
 * Returns the answer to a question about authentication, if the endpoint needs exactly one scheme that is known here.
 */
function authenticationOf(
  document: OpenApiDocument,
  operation: Record<string, unknown> | undefined,
  question: string,
  from: string,
): FoundAnswer | undefined {
  const security = operation?.security ?? document.security;
  const [name, ...others] = Object.keys(Object(Array.isArray(security) ? security[0] : undefined));
  if (name === undefined || others.length > 0) return undefined;
  const schemes = Object(document.components).securitySchemes ?? document.securityDefinitions;
  const scheme = Object(resolveRef(document, Object(schemes)[name]));
  const key = scheme.type === 'apiKey' && scheme.in !== 'cookie' ? String(scheme.name) : undefined;
  if (question === 'keyPlace' && key) return { answer: scheme.in === 'query' ? `?${key}` : key, from };
  if (question !== 'authentication') return undefined;
  if (key) return { answer: 'api-key', from };
  const kind = scheme.type === 'basic' ? 'basic' : String(scheme.scheme).toLowerCase();
  // A bearer token may be a JWT, and how it is signed is not documented.
  return kind === 'basic' || kind === 'bearer' ? { answer: kind, from, isGuess: kind === 'bearer' } : undefined;
}
