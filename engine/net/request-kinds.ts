import type { Series } from '../metrics/collector.ts';
import type { Tags } from '../metrics/tags.ts';
import type { NetworkError } from './network-error.ts';

/** The facts that determine a request's tags, besides the VU's own tags. */
export interface RequestTraits {
  readonly method: string;
  /** The value of its `url` tag, unless `name` is given. */
  readonly url: string;
  /** The value of its `name` tag, and then of its `url` tag too; empty for the URL. */
  readonly name: string;
  /** 0 if there was no response. */
  readonly status: number;
  readonly error: NetworkError | null;
  /** undefined if the status is not judged. */
  readonly expected: boolean | undefined;
  readonly tlsVersion: string;
  readonly ip: string;
}

interface RequestKind extends RequestTraits {
  /** The VU's own tags, compared by identity. */
  readonly base: Tags;
  readonly series: readonly Series[];
}

/** Bounds the memory of scripts that request a new URL each time. */
const MOST_URLS = 100;
const MOST_OF_URL = 20;

/**
 * Caches the sinks of a VU's request samples by kind of request. Most scripts send few kinds, and creating tags costs
 * more than all measurements.
 */
export class RequestKinds {
  readonly #byUrl = new Map<string, RequestKind[]>();

  /** @param make Creates the series of a new kind of request. */
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
