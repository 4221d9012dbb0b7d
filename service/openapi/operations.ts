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

/** An answer that is no error. `content`: a schema of JSON, or the media type of what is not. */
interface Reply {
  readonly status: number;
  readonly description: string;
  readonly content: z.ZodType | string;
}

/** One endpoint, as the document describes it. `limit` is the setting that bounds it; `errors` are all codes it answers. */
export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly tag: 'conversations' | 'operations';
  readonly summary: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  readonly body?: z.ZodType;
  /** What it answers where it serves, the usual answer first. */
  readonly replies: readonly Reply[];
  /** Whether it takes a bearer token. */
  readonly secured?: boolean;
  /** Whether an error may come with the event that is kept all the same. */
  readonly keepsEvent?: boolean;
  readonly limit: string;
  readonly errors: readonly ErrorCode[];
}

// Probes and metrics are never shed, and are served where the store of the limits fails.
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

/** Every endpoint of the service. A test holds the list to the app's routes, and each reply to what the app answers. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/conversations/end',
    id: 'endConversation',
    tag: 'conversations',
    secured: true,
    summary: 'Record a conversation that has ended',
    description:
      'Keeps the event, has the LLM analyse the conversation and memories extracted from it. Where an upstream fails, the ' +
      'event is kept as pending, and the same request again, or the service by itself, finishes it.',
    body: conversationsEndSchema,
    replies: [
      { status: 201, description: 'The event, which this request completed', content: conversationsEndReply },
      { status: 200, description: 'The event, which was complete before', content: conversationsEndReply },
      { status: 202, description: 'The event, which is being completed', content: conversationsEndReply },
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
    description: 'The user’s own, oldest first, at most 100. No upstream is called.',
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
    description: 'From the stored events, the memories and the LLM.',
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
    summary: 'Is the process alive?',
    description: 'Touches nothing outside of the process, so that a failing upstream does not get it restarted.',
    replies: [{ status: 200, description: 'It is', content: healthReply }],
    limit: 'RATE_LIMIT_HEALTH_CHECK',
    errors: ['rate_limited'],
  },
  {
    method: 'get',
    path: '/ready',
    id: 'ready',
    tag: 'operations',
    summary: 'Can every endpoint be served now?',
    description: 'Asks PostgreSQL, and looks whether a breaker is open.',
    replies: [{ status: 200, description: 'They can', content: readyReply }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: ['rate_limited', 'not_ready'],
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'metrics',
    tag: 'operations',
    summary: 'Metrics for Prometheus',
    description: 'Openings of breakers, refusals by reason, the pool, upstream calls, the process.',
    replies: [{ status: 200, description: 'In the text format', content: 'text/plain' }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: ['rate_limited'],
  },
  {
    method: 'get',
    path: '/openapi.json',
    id: 'openapi',
    tag: 'operations',
    summary: 'This document',
    description: 'OpenAPI 3.1, made from the schemas that requests are read by.',
    replies: [{ status: 200, description: 'The document', content: 'application/json' }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: LIMIT_ERRORS,
  },
  {
    method: 'get',
    path: '/docs',
    id: 'docs',
    tag: 'operations',
    summary: 'This document as a page',
    description: 'Needs neither scripts nor the network.',
    replies: [{ status: 200, description: 'The page', content: 'text/html' }],
    limit: 'RATE_LIMIT_DEFAULT',
    errors: LIMIT_ERRORS,
  },
];
