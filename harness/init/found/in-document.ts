import { sampleOf } from '../../../faults/sources/openapi/content.ts';
import { METHODS, type OpenApiDocument, resolveRef } from '../../../faults/sources/openapi/document.ts';
import { isJson } from '../../../faults/sources/openapi/media-type.ts';
import type { FoundAnswer, Source } from './source.ts';

interface Described {
  /** Such as "POST /chat". */
  name: string;
  operation: Record<string, unknown>;
}

const HEALTH = /(^|\/)(health|healthz|ready|readyz|readiness|live|livez|status|ping)\/?$/i;
/** An endpoint that creates a session is not the one that most scenarios should test. */
const LOGIN = /login|token|auth|sign-?(in|up)|register/i;
/** An endpoint whose path has one of these words probably calls an LLM. */
const LLM = /chat|complet|ask|answer|message|generat|summar|question|prompt/i;

/**
 * Returns the answers in the service's OpenAPI document: its endpoints with their bodies and statuses, the path that
 * reports readiness, and how requests authenticate. A service's base path has to be part of its paths.
 *
 * @param from The document's file or address.
 */
export function answersInDocument(document: OpenApiDocument, from: string): Source {
  const described = operationsOf(document);
  const fixed = Object.entries({
    readyPath: certainIfOne(
      described.filter(({ name }) => isPlain(name, 'GET') && HEALTH.test(name)).map(pathOf),
      from,
    ),
    endpoint: endpointIn(described, from),
  });
  const operationAt = (endpoint = '') => described.find(({ name }) => name === endpoint)?.operation;
  return (question, earlier) => {
    const known = fixed.find(([name]) => name === question)?.[1];
    if (known) return known;
    const [, prefix = '', field] = /^(.*\.)?(body|served|readServed)$/.exec(question) ?? [];
    if (field === undefined) return authenticationOf(document, operationAt(earlier.endpoint), question, from);
    const operation = operationAt(earlier[field === 'readServed' ? 'readEndpoint' : `${prefix}endpoint`]);
    const answer = operation && (field === 'body' ? bodyOf(document, operation) : servedBy(operation));
    return answer === undefined ? undefined : { answer, from };
  };
}

function operationsOf(document: OpenApiDocument): Described[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation: Object(resolveRef(document, item[method])),
    })),
  );
}

const pathOf = ({ name }: Described): string => name.slice(name.indexOf(' ') + 1);

/** Whether an endpoint has this method, and no parameters in its path. */
const isPlain = (name: string, method: string): boolean => name.startsWith(`${method} `) && !name.includes('{');

function certainIfOne([first, ...others]: readonly string[], from: string): FoundAnswer | undefined {
  return first === undefined ? undefined : { answer: first, from, isGuess: others.length > 0 };
}

function endpointIn(described: readonly Described[], from: string): FoundAnswer | undefined {
  const posts = described.filter(({ name }) => isPlain(name, 'POST') && !LOGIN.test(name));
  const likely = posts.filter(({ name }) => LLM.test(name));
  const reads = described.filter(({ name }) => isPlain(name, 'GET') && !HEALTH.test(name));
  const [best = []] = [likely, posts, reads].filter((some) => some.length > 0);
  return certainIfOne(
    best.map(({ name }) => name),
    from,
  );
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
