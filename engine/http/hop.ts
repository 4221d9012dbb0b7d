import type { Target } from '../net/target.ts';
import type { Headers } from './request-headers.ts';
import type { RequestParams } from './request-params.ts';

/** One request in a chain of redirects. */
export interface Hop {
  readonly method: string;
  readonly target: Target;
  readonly headers: Headers;
  readonly bytes: Uint8Array | null;
}

/** The request as the script made it. */
export interface ScriptRequest extends Hop {
  /** The name that the URL's template provides for its samples, or empty. */
  readonly name: string;
  readonly params: RequestParams;
}
