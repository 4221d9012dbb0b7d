import type { Catalogue } from '../../llm/catalogue.ts';
import type { LlmState } from '../../llm/llm-state.ts';
import type { Problem } from '../../llm/parse-body.ts';
import type { QuotaRefusal } from '../../llm/quota-ledger.ts';
import type { Model } from './model.ts';
import type { DialectSettings } from './settings.ts';

/** The state of a fake that speaks OpenAI's API. */
export type DialectState = LlmState<DialectSettings, Model>;

/** Everything in which a provider differs from the others that speak OpenAI's API. */
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
  /** Returns the headers of every response; `processingMs` is the time since the request arrived. */
  headers(id: string, processingMs: number): Record<string, string>;
  /** Returns the refusal of an option that the model does not support. */
  refuseOption(model: Model, options: ModelOptions): Response | undefined;
}

/** Options of a request that some models don't support. */
export interface ModelOptions {
  readonly effort: unknown;
  /** The field with the effort. */
  readonly effortField: string;
  /** The field with the token limit, if there is one. */
  readonly limitField: string | undefined;
}

/** The error responses of a provider. None has the headers of every response. */
export interface DialectErrors {
  /** The error for a status from 400 to 599. */
  status(status: number): Response;
  /** A missing or revoked key. */
  unauthorized(key: string | undefined): Response;
  /** A key without permission. */
  forbidden(): Response;
  invalidJson(): Response;
  invalidBody(problem: Problem): Response;
  /** A model that does not exist; `field` is absent if it is part of the path. */
  unknownModel(id: string, field?: 'model'): Response;
  /** A model that does not support the endpoint. */
  wrongModel(id: string, endpoint: string): Response;
  /** A token limit that exceeds the model's maximum. */
  limitTooHigh(model: Model, field: string, limit: number): Response;
  contextExceeded(model: Model, field: string, tokens: number): Response;
  /** The flex tier is full. */
  noFlexCapacity(): Response;
  quota(refusal: QuotaRefusal): Response;
  /** JSON or a function call that did not fit into the token limit; undefined: it is sent incomplete. */
  failedGeneration(what: 'JSON' | 'function call', written: string): Response | undefined;
  /** A stored response that does not exist; `isEarlier` if it was to be continued. */
  unknownResponse(id: string, isEarlier?: boolean): Response;
  unknownPath(method: string, path: string): Response;
}

/** How a provider limits rates. */
interface RateLimits {
  /** The name of the tier of requests that name none. */
  readonly usualTier: string;
  /** The factor by which the quotas of the flex tier are higher. */
  readonly flexFactor: number;
  /** The quota that the headers about requests show; those about tokens show the tokens per minute. */
  readonly requestsHeader: 'rpm' | 'rpd';
  /** Returns the headers of a refusal; `waitMs` is absent if the request will never fit. */
  refusalHeaders(waitMs: number | undefined): Record<string, string>;
}

/** The data of a completion that a provider may repeat in its own fields. */
export interface Particulars {
  /** The request's id without prefix. */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
  readonly tier: string;
}

/** The particulars of chat completions. */
export interface ChatDialect {
  /** Fields that are accepted and ignored. */
  readonly ignored: readonly string[];
  readonly tiers: readonly string[];
  /** The maximum of `n`. */
  readonly maxChoices: number;
  /** Whether a stream has the arguments of a function call in several deltas. */
  readonly splitsArguments: boolean;
  /** Whether the chunks before the one with the usage have `usage: null`. */
  readonly marksUsage: boolean;
  usage(promptTokens: number, replyTokens: number): object;
  /** More fields of a message. */
  readonly message: object;
  /** Returns more fields of a completion. */
  completion(particulars: Particulars): object;
  /** Returns more fields of a chunk of a stream; only the last one has the `usage`. */
  chunk(particulars: Particulars, place: { isFirst: boolean; usage?: object }): object;
}

/** The particulars of responses. */
export interface ResponsesDialect {
  /** Fields that are accepted and ignored. */
  readonly ignored: readonly string[];
  readonly tiers: readonly string[];
  /** The minimum of `max_output_tokens`. */
  readonly leastOutputTokens: number;
  /** Whether responses can be stored, retrieved and continued. */
  readonly keepsResponses: boolean;
}
