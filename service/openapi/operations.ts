import type { z } from 'zod';
import type { ErrorCode } from '../base/errors.ts';
import { activitiesSuggestSchema, conversationsEndSchema, idSchema } from '../schemas/bodies.ts';
import {
  activitiesSuggestReply,
  conversationsEndReply,
  conversationsReadReply,
  healthReply,
  readyReply,
} from '../schemas/replies.ts';

/** A successful response. `content` is the schema of a JSON body, or the media type of any other body. */
interface Reply {
  readonly status: number;
  readonly description: string;
  readonly content: z.ZodType | string;
}

/**
 * An endpoint in the document. `limit` is its rate limit setting, and `errors` are all the error codes that it returns.
 */
export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly tag: 'conversations' | 'operations';
  readonly summary: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  readonly body?: z.ZodType;
  /** Successful responses, the most common one first. */
  readonly replies: readonly Reply[];
  /** Whether the endpoint requires a bearer token. */
  readonly secured?: boolean;
  /** Whether an error response may contain the stored event. */
  readonly keepsEvent?: boolean;
  readonly limit: string;
  readonly errors: readonly ErrorCode[];
}

// Probes and metrics are served even under overload or if the rate limit store fails.
const LIMIT_ERRORS = ['rate_limited', 'rate_limit_store_unavailable', 'overloaded'] as const;
const TOKEN_ERRORS = ['token_missing', 'token_invalid', 'token_expired'] as const;
const BODY_ERRORS = ['user_mismatch', 'invalid_request', 'body_too_deep', 'payload_too_large'] as const;
const UPSTREAM_ERRORS = [
  'llm_circuit_open',
  'llm_unavailable',
  'llm_busy',
  'memory_circuit_open',
  'memory_unavailable',
  'memory_busy',
  'out_of_resources',
  'budget_exhausted',
] as const;
const DATABASE_ERRORS = ['database_pool_exhausted', 'database_unavailable', 'internal_error'] as const;

/** All endpoints. Tests compare the list with the app's routes, and each reply with an actual response. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/conversations/end',
    id: 'endConversation',
    tag: 'conversations',
    secured: true,
    summary: 'Record a conversation that has ended',
    description:
      'Stores the event, has the LLM analyse the conversation and extracts memories from it. If an upstream fails, the event ' +
      'stays pending. Repeating the request finishes it; the service also retries in the background.',
    body: conversationsEndSchema,
    replies: [
      { status: 201, description: 'The event, completed by this request', content: conversationsEndReply },
      { status: 200, description: 'The event, which was already complete', content: conversationsEndReply },
      {
        status: 202,
        description: 'The event, which another request or the service is completing',
        content: conversationsEndReply,
      },
    ],
    keepsEvent: true,
    limit: 'RATE_LIMIT_CONVERSATION_END',
    errors: [
      ...LIMIT_ERRORS,
      ...TOKEN_ERRORS,
      ...BODY_ERRORS,
      'conversation_conflict',
      ...UPSTREAM_ERRORS,
      ...DATABASE_ERRORS,
    ],
  },
  {
    method: 'get',
    path: '/v1/conversations/{id}',
    id: 'readConversation',
    tag: 'conversations',
    secured: true,
    summary: 'Read the events of a conversation',
    description: 'Returns the events of the user, oldest first, at most 100. Calls no upstream.',
    parameters: { id: idSchema },
    replies: [{ status: 200, description: 'The events', content: conversationsReadReply }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: [...LIMIT_ERRORS, ...TOKEN_ERRORS, 'invalid_request', 'not_found', ...DATABASE_ERRORS],
  },
  {
    method: 'post',
    path: '/v1/activities/suggest',
    id: 'suggestActivities',
    tag: 'conversations',
    secured: true,
    summary: 'Suggest activities for a user',
    description: 'Uses the stored events, the memories and the LLM.',
    body: activitiesSuggestSchema,
    replies: [{ status: 200, description: 'Up to five suggestions', content: activitiesSuggestReply }],
    limit: 'RATE_LIMIT_ACTIVITIES_SUGGEST',
    errors: [...LIMIT_ERRORS, ...TOKEN_ERRORS, ...BODY_ERRORS, ...UPSTREAM_ERRORS, ...DATABASE_ERRORS],
  },
  {
    method: 'get',
    path: '/health',
    id: 'health',
    tag: 'operations',
    summary: 'Check that the process is alive',
    description: 'Only checks the process, so that a failing upstream does not cause a restart.',
    replies: [{ status: 200, description: 'The process is alive', content: healthReply }],
    limit: 'RATE_LIMIT_HEALTH_CHECK',
    errors: ['rate_limited'],
  },
  {
    method: 'get',
    path: '/ready',
    id: 'ready',
    tag: 'operations',
    summary: 'Check that all endpoints can be served',
    description: 'Queries PostgreSQL, and checks that no breaker is open.',
    replies: [{ status: 200, description: 'All endpoints can be served', content: readyReply }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: ['rate_limited', 'not_ready'],
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'metrics',
    tag: 'operations',
    summary: 'Metrics for Prometheus',
    description: 'Breaker openings, rejections by reason, the pool, upstream calls and the process.',
    replies: [{ status: 200, description: 'The metrics in the text format', content: 'text/plain' }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: ['rate_limited'],
  },
  {
    method: 'get',
    path: '/openapi.json',
    id: 'openapi',
    tag: 'operations',
    summary: 'This document',
    description: 'OpenAPI 3.1, generated from the schemas that validate requests.',
    replies: [{ status: 200, description: 'The document', content: 'application/json' }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: LIMIT_ERRORS,
  },
];
