import type { z } from 'zod';
import type { Upstream } from '../upstream/upstream.ts';

/** A provider whose API can be faked. */
export interface Provider<Settings extends z.ZodObject = z.ZodObject> {
  /** The real API's origin, for example `https://api.groq.com`. The trusted certificate is valid for its host. */
  readonly origin: string;
  /** The schema for the fake's settings. */
  readonly settings: Settings;
  /**
   * Loads the fake, and creates one with no usage and no stored data. The harness, which starts no fakes itself, loads
   * only the rest.
   *
   * @throws ZodError if the settings are invalid
   */
  create(options: { readonly seed: string; readonly settings?: z.input<Settings> | undefined }): Promise<Upstream>;
  /** Whether its answers are useless without their body, such as the text of a language model. Defaults to false. */
  readonly needsBody?: true;
  /** The settings that services usually have for it, as suggestions for `proofload init`. */
  readonly usage: {
    /** The environment variable that contains the base URL. */
    readonly setting: string;
    /** The path in the base URL, for example `/v1`. Defaults to none. */
    readonly basePath?: string;
    /** The environment variable that contains the API key. */
    readonly keySetting: string;
    /** The client libraries on npm and PyPI. */
    readonly packages: readonly string[];
    /** The official SDK. Its clients repeat failed calls twice by default. Absent if it doesn't repeat them. */
    readonly sdk?: {
      readonly packages: readonly string[];
      /** The classes of its clients, without `Async`. */
      readonly classes: readonly string[];
    };
  };
}

/** How the SDKs that Stainless generates repeat calls: see `calls` in contracts. */
export const SDK_RETRIES = {
  attempts: 3,
  on: ['5xx', 429, 'connection'],
  never: ['4xx', 'body'],
  hints: ['retry-after-ms', 'x-should-retry'],
} as const;

/** Providers by the name that is used in contracts, in the control API and in receipts. */
export type Providers = Readonly<Record<string, Provider>>;

/** The default seed for generated texts. */
export const DEFAULT_SEED = 'proofload';
