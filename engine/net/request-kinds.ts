import type { Series } from '../metrics/collector.ts';
import { hasTags } from '../metrics/submetric.ts';
import type { Tags } from '../metrics/tags.ts';
import type { NetworkError } from './network-error.ts';

/** The source of a request's tags, apart from the VU's tags. */
export interface RequestTraits {
  /** The request's own tags. */
  readonly tags: Tags;
  readonly method: string;
  /** The value of both the `name` and the `url` tag if nothing sets a name. */
  readonly url: string;
  /** The name that the URL's template provides, or empty. The script's own `name` tags take precedence. */
  readonly name: string;
  /** The response status, or 0 if there was no response. */
  readonly status: number;
  readonly error: NetworkError | null;
  /** Whether the status was expected, or undefined if the test is disabled. */
  readonly expected: boolean | undefined;
  /** The protocol, or empty if there was no response. */
  readonly proto: string;
  readonly tlsVersion: string;
  readonly ip: string;
}

interface RequestKind extends RequestTraits {
  /** The VU's own tags, compared by identity. */
  readonly base: Tags;
  readonly series: readonly Series[];
}

/** Limits memory use for scripts that request a different URL each time. */
const MOST_NAMES = 100;
const MOST_OF_NAME = 20;

/** Caches a VU's series by kind of request, since creating tags costs more than all measurements. */
export class RequestKinds {
  readonly #byName = new Map<string, RequestKind[]>();

  /** @param make Creates the series for a kind of request that is not in the cache. */
  seriesOf(base: Tags, request: RequestTraits, make: () => readonly Series[]): readonly Series[] {
    const shown = request.name || request.tags.name || request.url;
    let kinds = this.#byName.get(shown);
    if (!kinds) {
      if (this.#byName.size >= MOST_NAMES) this.#byName.clear();
      kinds = [];
      this.#byName.set(shown, kinds);
    }
    for (const kind of kinds) if (kind.base === base && isAlike(kind, request)) return kind.series;
    if (kinds.length >= MOST_OF_NAME) kinds.length = 0;
    const { tags, method, url, name, status, error, expected, proto, tlsVersion, ip } = request;
    const series = make();
    kinds.push({ base, tags, method, url, name, status, error, expected, proto, tlsVersion, ip, series });
    return series;
  }
}

const isAlike = (a: RequestTraits, b: RequestTraits): boolean =>
  a.status === b.status &&
  a.method === b.method &&
  a.name === b.name &&
  a.expected === b.expected &&
  a.ip === b.ip &&
  a.proto === b.proto &&
  a.tlsVersion === b.tlsVersion &&
  a.error?.code === b.error?.code &&
  a.error?.message === b.error?.message &&
  hasTags(a.tags, b.tags) &&
  hasTags(b.tags, a.tags);
