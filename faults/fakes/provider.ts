import type { z } from 'zod';
import type { Upstream } from '../upstream/upstream.ts';

/** A provider whose API can be faked. */
export interface Provider<Settings extends z.ZodObject = z.ZodObject> {
  /** The real API's origin, for example `https://api.groq.com`. The trusted certificate is valid for its host. */
  readonly origin: string;
  /** The schema for the fake's settings. */
  readonly settings: Settings;
  /**
   * Creates a fake with no usage and no stored data.
   *
   * @throws ZodError if the settings are invalid
   */
  create(options: { readonly seed: string; readonly settings?: z.input<Settings> | undefined }): Upstream;
  /** Suggestions for `proofload init`. */
  readonly usage: {
    /** The kind of API, for example `LLM API`. */
    readonly api: string;
    /** The environment variable that usually contains its base URL. If omitted, none is suggested. */
    readonly setting?: string;
    /** The path that base URLs contain, for example `/openai/v1`. Defaults to none. */
    readonly basePath?: string;
    /** The name of the circuit breaker that protects it, if any. */
    readonly breaker?: string;
  };
}

/** Providers by the name that is used in contracts, in the control API and in receipts. */
export type Providers = Readonly<Record<string, Provider>>;

/** The providers' names. */
export type NameOf<All extends Providers> = Extract<keyof All, string>;

/** The default seed for generated texts. */
export const DEFAULT_SEED = 'proofload';
