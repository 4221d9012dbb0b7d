import type { Series } from '../metrics/collector.ts';
import type { Tags } from '../metrics/tags.ts';
import type { NetworkError } from './network-error.ts';

/** What a request's tags depend on, beside those of its VU. */
export interface RequestTraits {
  readonly method: string;
  /** What its `url` tag says, unless `name` is given. */
  readonly url: string;
  /** What its `name` tag says, and then its `url` tag too; empty for the URL. */
  readonly name: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly error: NetworkError | null;
  /** undefined where nobody judges. */
  readonly expected: boolean | undefined;
  readonly tlsVersion: string;
  readonly ip: string;
}

interface RequestKind extends RequestTraits {
  /** The VU's own tags, by identity: others make another kind. */
  readonly base: Tags;
  readonly series: readonly Series[];
}

/** Scripts that ask for a new address each time are not to fill the memory. */
const MOST_URLS = 100;
const MOST_OF_URL = 20;

/**
 * Where the samples of a VU's requests go. Requests that are alike share it: most scripts send few kinds of them, and tags cost
 * more to make than all that is measured.
 */
export class RequestKinds {
  readonly #byUrl = new Map<string, RequestKind[]>();

  /** @param make Asked where there was no request like it. */
  seriesOf(base: Tags, request: RequestTraits, make: () => readonly Series[]): readonly Series[] {
    const { url } = request;
    let kinds = this.#byUrl.get(url);
    if (!kinds) {
      if (this.#byUrl.size >= MOST_URLS) this.#byUrl.clear();
      kinds = [];
      this.#byUrl.set(url, kinds);
    }
    for (const kind of kinds) if (kind.base === base && isAlike(kind, request)) return kind.series;
    if (kinds.length >= MOST_OF_URL) kinds.length = 0;
    const { method, name, status, error, expected, tlsVersion, ip } = request;
    const series = make();
    kinds.push({ base, method, url, name, status, error, expected, tlsVersion, ip, series });
    return series;
  }
}

const isAlike = (a: RequestTraits, b: RequestTraits): boolean =>
  a.status === b.status &&
  a.method === b.method &&
  a.name === b.name &&
  a.expected === b.expected &&
  a.ip === b.ip &&
  a.tlsVersion === b.tlsVersion &&
  a.error?.code === b.error?.code &&
  a.error?.message === b.error?.message;
