import { UPSTREAM_TITLE, UPSTREAMS } from '../../base/upstream.ts';
import { samplesOf } from './samples.ts';

/** An external API, and the origin at which the service calls it. */
export interface CalledUpstream {
  readonly title: string;
  readonly origin: string;
  readonly isTls: boolean;
}

/** Returns how a running service calls its external APIs, or undefined if its metrics don't show all of them. */
export function calledUpstreams(metrics: ReadonlyMap<string, number>): CalledUpstream[] | undefined {
  const samples = samplesOf(metrics, 'upstream_tls');
  const found = UPSTREAMS.map((name) => {
    const sample = samples.find(({ labels }) => labels.upstream === name);
    const origin = sample?.labels.origin;
    return origin && { title: UPSTREAM_TITLE[name], origin, isTls: sample.value === 1 };
  }).filter((upstream) => typeof upstream === 'object');
  return found.length === UPSTREAMS.length ? found : undefined;
}
