import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../base/errors.ts';
import { errorReply } from '../schemas/replies.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** A JSON Schema (2020-12, as used by OpenAPI 3.1). */
type JsonSchema = Record<string, unknown>;

/** One response of an operation. */
export interface DocumentedResponse {
  readonly description: string;
  readonly headers: Record<string, { description: string; schema: JsonSchema }>;
  readonly content: Record<string, { schema: JsonSchema }>;
}

/** One operation in `paths`. */
interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security?: readonly { token: [] }[];
  readonly parameters?: readonly { name: string; in: 'path' | 'header'; required: boolean; schema: JsonSchema }[];
  readonly requestBody?: { required: true; content: Record<string, { schema: JsonSchema }> };
  readonly responses: Record<string, DocumentedResponse>;
}

interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { title: string; version: string; description: string };
  readonly tags: readonly { name: string; description: string }[];
  readonly components: { securitySchemes: { token: Record<string, string> } };
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
}

const TOKEN_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'Signed with HS256 and SECRET_KEY; sub is the user, exp is required. aud, if present, contains conversation-service.',
};
const CHALLENGE_HEADER = { description: 'The reason for the rejection (RFC 6750)', schema: { type: 'string' } };
const REQUEST_ID_HEADER = {
  description: 'The ID of the request, which all of its log lines contain',
  schema: { type: 'string' },
};
const RETRY_AFTER_HEADER = {
  description: 'Whole seconds to wait before a retry',
  schema: { type: 'integer', minimum: 1 },
};
const WAITS: ReadonlySet<ErrorCode> = new Set([
  'rate_limited',
  'rate_limit_store_unavailable',
  'overloaded',
  'not_ready',
  'llm_circuit_open',
  'llm_busy',
  'memory_circuit_open',
  'memory_busy',
  'out_of_resources',
  'database_pool_exhausted',
  'database_unavailable',
]);

/** Creates the OpenAPI document from the operations and their zod schemas. */
export function createDocument(): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Conversation service',
      version: '1',
      description:
        'Requests may have an X-Request-Id. Every error is {"error":{"code","message"}} with a stable code. All paths answer ' +
        '400 to invalid HTTP, 417 to an unsupported expectation, 431 to headers above 16 kB and 408 to slow requests.',
    },
    tags: [
      { name: 'conversations', description: 'Endpoints for clients' },
      { name: 'operations', description: 'Endpoints for monitoring' },
    ],
    components: { securitySchemes: { token: TOKEN_SCHEME } },
    paths,
  };
}

function describe(operation: Operation): DocumentedOperation {
  const { id, summary, description, tag, parameters, body, replies, secured, keepsEvent, limit, errors } = operation;
  return {
    operationId: id,
    summary,
    description: `${description} Limited per client by ${limit}.`,
    tags: [tag],
    ...(secured && { security: [{ token: [] }] }),
    ...(parameters && {
      parameters: Object.entries(parameters).map(([name, schema]) => ({
        name,
        in: 'path',
        required: true,
        schema: schemaOf(schema),
      })),
    }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      ...Object.fromEntries(replies.map((reply) => [String(reply.status), replyResponse(reply)])),
      ...errorResponses(errors, keepsEvent),
    },
  };
}

function replyResponse({ status, description, content }: Operation['replies'][number]): DocumentedResponse {
  const plain = (type: string) => ({ [type]: { schema: { type: type === 'application/json' ? 'object' : 'string' } } });
  return {
    description,
    // A 202 response also tells the client how long to wait before the next request.
    headers: { 'X-Request-Id': REQUEST_ID_HEADER, ...(status === 202 && { 'Retry-After': RETRY_AFTER_HEADER }) },
    content: typeof content === 'string' ? plain(content) : json(content),
  };
}

function errorResponses(codes: readonly ErrorCode[], keepsEvent = false): Record<string, DocumentedResponse> {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, given]) => [
      String(status),
      {
        description: given.map((code) => `${code}: ${ERRORS[code].meaning}`).join('; '),
        headers: {
          'X-Request-Id': REQUEST_ID_HEADER,
          ...(status === 401 && { 'WWW-Authenticate': CHALLENGE_HEADER }),
          ...(given.some((code) => WAITS.has(code)) && { 'Retry-After': RETRY_AFTER_HEADER }),
        },
        content: json(errorReply(given, keepsEvent)),
      },
    ]),
  );
}

const json = (schema: z.ZodType) => ({ 'application/json': { schema: schemaOf(schema) } });

function schemaOf(schema: z.ZodType): JsonSchema {
  // Unknown fields are ignored, so requests are described by the input schema.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
