import type { z } from 'zod';
import type { Upstream } from '../upstream/upstream.ts';

/** A provider's API that can be faked. */
export interface Provider<Settings extends z.ZodObject = z.ZodObject> {
  /** The origin of the real API, for example `https://api.groq.com`. The trusted certificate is valid for its host. */
  readonly origin: string;
  /** The schema of its settings. */
  readonly settings: Settings;
  /** Creates a fake with nothing used or stored. @throws ZodError for invalid settings */
  create(options: { readonly seed: string; readonly settings?: z.input<Settings> | undefined }): Upstream;
  /** Suggestions of `proofload init`. */
  readonly usage: {
    /** The kind of API, for example `LLM API`. */
    readonly api: string;
    /** The environment variable that usually holds its base URL; default: none is suggested. */
    readonly setting?: string;
    /** The path that base URLs contain, for example `/openai/v1`; default: none. */
    readonly basePath?: string;
    /** The name of the circuit breaker that protects it, if any. */
    readonly breaker?: string;
  };
}

/** Providers by their name in contracts, in the control API and in receipts. */
export type Providers = Readonly<Record<string, Provider>>;

/** The names of the providers. */
export type NameOf<All extends Providers> = Extract<keyof All, string>;

/** The default seed of generated texts. */
export const DEFAULT_SEED = 'proofload';
