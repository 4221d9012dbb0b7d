import type { PhaseTag } from './phases.ts';

/** The purpose of a request in a script that tests rate limits. */
export type Step =
  | 'first window'
  | 'second window'
  | 'over'
  | 'other endpoint'
  | 'sharing endpoint'
  | 'other client'
  | 'opener'
  | 'before'
  | 'after'
  | 'burst'
  | 'unserved'
  | 'left'
  | 'again'
  | 'plain'
  | 'address'
  | 'addresses'
  | 'claim'
  | 'agent'
  | 'unnamed'
  | 'in the crowd'
  | 'spelling';

/** Tags as scripts write them: with the phase that the lab has begun. */
export type ScriptTags = Omit<Tags, 'phase'> & { readonly phase?: { readonly id: number } };

/** Tags that tell the checkers the purpose of a request or a metric. All of them are optional. */
export type Tags = {
  /** The ID of its phase. */
  readonly phase?: PhaseTag;
  /** Its purpose within the phase, for example `probe`. */
  readonly about?: string;
  readonly endpoint?: string;
  /** The limit that a request counts toward. */
  readonly limit?: string;
  readonly step?: Step;
  /** The attempt, for scripts that repeat a round until it fits into a window. */
  readonly round?: string;
  /** How a request claims another identity, or why it is not served. */
  readonly variant?: string;
  /** The kind of invalid credentials. */
  readonly proof?: string;
  /** The number of the last receipt when a value was read. */
  readonly receipts?: string;
  /** The ledger's key. */
  readonly key?: string;
  /** The value of `${unique}` in the request. */
  readonly unique?: string;
  /** The number of the caller, if several callers must be distinguished. */
  readonly caller?: string;
  /** The settings with which the service was started, and which a request is about. */
  readonly settings?: string;
  /** The index of the service process. */
  readonly process?: string;
  /** The part that is away from before the request until after its answer. */
  readonly down?: 'database';
  /** The part that refused a request, for example `database`. */
  readonly of?: string;
  /** Whether the script decides what a response means after it has read the body. */
  readonly decides?: 'the body';
  /** A response in words, if its status is not the one that it stands for. */
  readonly words?: string;
  /** The status of a response as it was sent. */
  readonly wire?: string;
  /** The field in a body's JSON that reports an error, the field of its code, and the code. */
  readonly errorField?: string;
  readonly errorCodeAt?: string;
  readonly errorCode?: string;
  /** The beginning of a response's body. */
  readonly body?: string;
  /** The upstream or model that a response names. */
  readonly told?: string;
  /** The format of a stream. */
  readonly format?: string;
  /** Requests per second. */
  readonly rate?: string;
  /** The number of a look at the service after a spike. */
  readonly look?: string;
  /** Why a refusal is not as promised (`refusalAnswer`), in words. */
  readonly lacks?: string;
  /** When a request was scheduled or sent, in milliseconds since the epoch. */
  readonly due?: string;
  readonly sent?: string;
};
