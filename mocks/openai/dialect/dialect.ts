import type { Catalogue } from '../../llm/catalogue.ts';
import type { LlmState } from '../../llm/llm-state.ts';
import type { Problem } from '../../llm/parse-body.ts';
import type { QuotaRefusal } from '../../llm/quota-ledger.ts';
import type { Model } from './model.ts';
import type { DialectSettings } from './settings.ts';

/** The state of a fake with an OpenAI-compatible API. */
export type DialectState = LlmState<DialectSettings, Model>;

/** Everything that distinguishes a provider from others with an OpenAI-compatible API. */
export interface Dialect {
  /** The path of base URLs, for example `/v1`. */
  readonly basePath: string;
  readonly catalogue: Catalogue<Model>;
  readonly errors: DialectErrors;
  readonly rateLimits: RateLimits;
  readonly chat: ChatDialect;
  readonly responses: ResponsesDialect;
  /** Whether there are embeddings. */
  readonly hasEmbeddings: boolean;
  /** Returns the headers that every response has. `processingMs` is the time since the request arrived. */
  headers(id: string, processingMs: number): Record<string, string>;
  /** Returns an error response if the model doesn't support one of the options. */
  refuseOption(model: Model, options: ModelOptions): Response | undefined;
}

/** Options of a request that some models don't support. */
export interface ModelOptions {
  readonly effort: unknown;
  /** The name of the field with the effort. */
  readonly effortField: string;
  /** The name of the field with the token limit, if there is one. */
  readonly limitField: string | undefined;
}

/** The error responses of a provider, without the headers that every response has. */
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

/** The rate limits of a provider. */
interface RateLimits {
  /** The tier of requests that don't specify one. */
  readonly usualTier: string;
  /** By what factor the quotas of the flex tier are higher. */
  readonly flexFactor: number;
  /** The quota that the headers about requests show. The headers about tokens show the tokens per minute. */
  readonly requestsHeader: 'rpm' | 'rpd';
  /** Returns the headers of an error response. `waitMs` is absent if the request can never fit into the quota. */
  refusalHeaders(waitMs: number | undefined): Record<string, string>;
}

/** Data of a completion that a provider may repeat in its own fields. */
export interface Particulars {
  /** The request's id without prefix. */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
  readonly tier: string;
}

/** What is specific to chat completions. */
export interface ChatDialect {
  /** Fields that are accepted and ignored. */
  readonly ignored: readonly string[];
  readonly tiers: readonly string[];
  /** Maximum of `n`. */
  readonly maxChoices: number;
  /** Whether a stream splits the arguments of a function call into several deltas. */
  readonly splitsArguments: boolean;
  /** Whether the chunks before the one with the usage have `usage: null`. */
  readonly marksUsage: boolean;
  usage(promptTokens: number, replyTokens: number): object;
  /** Additional fields of a message. */
  readonly message: object;
  /** Returns additional fields of a completion. */
  completion(particulars: Particulars): object;
  /** Returns additional fields of a chunk of a stream. Only the last one has the `usage`. */
  chunk(particulars: Particulars, place: { isFirst: boolean; usage?: object }): object;
}

/** What is specific to responses. */
export interface ResponsesDialect {
  /** Fields that are accepted and ignored. */
  readonly ignored: readonly string[];
  readonly tiers: readonly string[];
  /** Minimum of `max_output_tokens`. */
  readonly leastOutputTokens: number;
  /** Whether responses can be stored, retrieved and continued. */
  readonly keepsResponses: boolean;
}
