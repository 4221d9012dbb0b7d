import type { Catalogue } from '../../llm/catalogue.ts';
import type { LlmState } from '../../llm/llm-state.ts';
import type { Problem } from '../../llm/parse-body.ts';
import type { QuotaRefusal } from '../../llm/quota-ledger.ts';
import type { Model } from './model.ts';
import type { DialectSettings } from './settings.ts';

/** The state for a fake with an OpenAI-compatible API. */
export type DialectState = LlmState<DialectSettings, Model>;

/** Everything that distinguishes a provider from others with an OpenAI-compatible API. */
export interface Dialect {
  /** The path in base URLs, for example `/v1`. */
  readonly basePath: string;
  readonly catalogue: Catalogue<Model>;
  readonly errors: DialectErrors;
  readonly rateLimits: RateLimits;
  readonly chat: ChatDialect;
  readonly responses: ResponsesDialect;
  /** Whether the API has embeddings. */
  readonly hasEmbeddings: boolean;
  /** Returns the headers that every response has. `processingMs` is the time since the request arrived. */
  headers(id: string, processingMs: number): Record<string, string>;
  /** Returns an error response if the model doesn't support one of the options. */
  refuseOption(model: Model, options: ModelOptions): Response | undefined;
}

/** Request options that some models don't support. */
export interface ModelOptions {
  readonly effort: unknown;
  /** The name of the field that contains the effort. */
  readonly effortField: string;
  /** The name of the field that contains the token limit, if there is one. */
  readonly limitField: string | undefined;
}

/** A provider's error responses, without the headers that every response has. */
export interface DialectErrors {
  /** Returns the error for a status from 400 to 599. */
  status(status: number): Response;
  /** Returns the error for a missing or revoked key. */
  unauthorized(key: string | undefined): Response;
  /** Returns the error for a key without permission. */
  forbidden(): Response;
  invalidJson(): Response;
  invalidBody(problem: Problem): Response;
  /** Returns the error for a model that doesn't exist. `field` is absent if the model is part of the path. */
  unknownModel(id: string, field?: 'model'): Response;
  /** Returns the error for a model that doesn't support the endpoint. */
  wrongModel(id: string, endpoint: string): Response;
  /** Returns the error for a token limit that exceeds the model's maximum. */
  limitTooHigh(model: Model, field: string, limit: number): Response;
  contextExceeded(model: Model, field: string, tokens: number): Response;
  /** Returns the error if the flex tier is full. */
  noFlexCapacity(): Response;
  quota(refusal: QuotaRefusal): Response;
  /**
   * Returns the error for JSON or a function call that doesn't fit into the token limit, or undefined to send it
   * incomplete.
   */
  failedGeneration(what: 'JSON' | 'function call', written: string): Response | undefined;
  /**
   * Returns the error for a stored response that doesn't exist. `isEarlier` is true if the request wanted to continue
   * it.
   */
  unknownResponse(id: string, isEarlier?: boolean): Response;
  unknownPath(method: string, path: string): Response;
}

/** A provider's rate limits. */
interface RateLimits {
  /** The tier for requests that don't specify one. */
  readonly usualTier: string;
  /** The quota multiplier for the flex tier. */
  readonly flexFactor: number;
  /**
   * The quota shown in the `x-ratelimit-*-requests` headers. The `x-ratelimit-*-tokens` headers show the tokens per
   * minute.
   */
  readonly requestsHeader: 'rpm' | 'rpd';
  /** Returns the headers for an error response. `waitMs` is absent if the request can never fit into the quota. */
  refusalHeaders(waitMs: number | undefined): Record<string, string>;
}

/** Completion data that a provider may repeat in its own fields. */
export interface Particulars {
  /** The request ID without its prefix. */
  readonly id: string;
  /** The creation time, in seconds since the epoch. */
  readonly created: number;
  readonly model: string;
  readonly tier: string;
}

/** The properties of a dialect that concern chat completions. */
export interface ChatDialect {
  /** Fields that are accepted and ignored. */
  readonly ignored: readonly string[];
  readonly tiers: readonly string[];
  /** Maximum value of `n`. */
  readonly maxChoices: number;
  /** Whether a stream splits a function call's arguments into several deltas. */
  readonly splitsArguments: boolean;
  /** Whether the chunks before the one with the usage have `usage: null`. */
  readonly marksUsage: boolean;
  usage(promptTokens: number, replyTokens: number): object;
  /** Additional fields for a message. */
  readonly message: object;
  /** Returns additional fields for a completion. */
  completion(particulars: Particulars): object;
  /** Returns additional fields for a stream chunk. Only the last chunk has the `usage`. */
  chunk(particulars: Particulars, place: { isFirst: boolean; usage?: object }): object;
}

/** The properties of a dialect that concern the Responses API. */
export interface ResponsesDialect {
  /** Fields that are accepted and ignored. */
  readonly ignored: readonly string[];
  readonly tiers: readonly string[];
  /** Minimum value of `max_output_tokens`. */
  readonly leastOutputTokens: number;
  /** Whether responses can be stored, retrieved and continued. */
  readonly keepsResponses: boolean;
}
