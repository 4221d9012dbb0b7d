import { count } from '../../base/in-words.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { type Quota, type Resource, usedByAll } from './quota-windows.ts';

/** Requests that arrive within this time were sent at once, in milliseconds. */
const AT_ONCE_MS = 300;
/** How long after another the first request of many may arrive, because it opened a connection, in milliseconds. */
const LATE_MS = 100;
/** The share of the calls that reach an upstream if nothing holds them back. */
const ALMOST_ALL = 0.9;

/**
 * Returns the likely cause if more than a quota was used, from when the requests arrived, or undefined if that does not
 * tell.
 *
 * @param window The requests of the window with most of them, in order.
 * @param arrived All requests of the phase.
 * @param calls The calls of the phase.
 */
export function whyBeyondQuota(
  { upstream, resource, max, seconds }: Quota,
  window: readonly RequestReceipt[],
  { arrived, calls }: { readonly arrived: readonly RequestReceipt[]; readonly calls: readonly RequestSample[] },
): string | undefined {
  if (arrived.length >= calls.length * ALMOST_ALL) {
    return `Nothing limits the ${resource}: of ${count(calls.length, 'call')}, ${arrived.length} reached ${upstream}, none was refused, and none waited.`;
  }
  const [first] = window;
  if (!first) return undefined;
  const used = (of: readonly RequestReceipt[]): number => usedByAll(of, resource);
  const part = resource === 'tokens' ? uncounted(window, max) : undefined;
  if (part !== undefined) return part;
  const burst = window.filter(({ at }) => at - first.at < AT_ONCE_MS);
  if (isMoreThanRefilled(burst, { resource, max, seconds })) {
    return resource === 'tokens'
      ? `The tokens of calls in progress do not count: ${count(burst.length, 'call')} that used ${used(burst)} tokens began within ${AT_ONCE_MS} ms. They are counted when the answer has come, which is too late; reserve them before the call.`
      : `Concurrent callers pass together: ${burst.length} requests came within ${AT_ONCE_MS} ms. The number is read before it is raised, or each process, endpoint or client counts alone.`;
  }
  const windows = isMoreThanRefilled(window, { resource, max, seconds })
    ? twoWindows(window, resource, max)
    : undefined;
  if (windows) {
    const [before, after] = windows;
    const gapMs = (after[0]?.at ?? 0) - (before.at(-1)?.at ?? 0);
    return `The windows begin at fixed times: ${used(before)} ${resource} were used at the end of one, and ${used(after)} ${(gapMs / 1_000).toFixed(1)} s later in the next one. Use a window that slides, or leave room for both.`;
  }
  return `What is used comes back too early: ${used(burst)} ${resource} were used at once, and ${used(window) - used(burst)} more before ${seconds} s had passed. A bucket that is full at first and refilled meanwhile lets through almost twice as much; so do shorter windows.`;
}

/** Whether some requests used more than a bucket has that is full at first and refilled meanwhile. */
function isMoreThanRefilled(
  requests: readonly RequestReceipt[],
  { resource, max, seconds }: Pick<Quota, 'resource' | 'max' | 'seconds'>,
): boolean {
  const begin = requests[0]?.at ?? 0;
  return requests.some(({ at }, index) => {
    const refilled = (max * (at - begin + LATE_MS)) / (seconds * 1_000);
    return usedByAll(requests.slice(0, index + 1), resource) > max + refilled;
  });
}

/** Returns the cause if only a part of each call's tokens is counted. */
function uncounted(window: readonly RequestReceipt[], max: number): string | undefined {
  const sumOf = (index: 0 | 1): number => window.reduce((sum, { usage = [0, 0] }) => sum + usage[index], 0);
  const [input, output] = [sumOf(0), sumOf(1)];
  const largest = Math.max(...window.map(({ usage = [0, 0] }) => Math.max(...usage)));
  // If only one of them counts, calls pass until it has used up the quota.
  const isLimit = (part: number): boolean => part <= max && part + largest > max;
  if (isLimit(input))
    return `The tokens of answers do not count: the prompts used ${input} tokens, and the answers ${output} more.`;
  if (isLimit(output))
    return `The tokens of prompts do not count: the answers used ${output} tokens, and the prompts ${input} more.`;
  return undefined;
}

/** Returns the requests before and after the longest pause that divides them into two quotas, if one does. */
function twoWindows(
  window: readonly RequestReceipt[],
  resource: Resource,
  max: number,
): readonly [RequestReceipt[], RequestReceipt[]] | undefined {
  const gapBefore = (index: number): number => (window[index]?.at ?? 0) - (window[index - 1]?.at ?? 0);
  const [border] = window
    .map((_, index) => index)
    .filter((index) => [window.slice(0, index), window.slice(index)].every((part) => usedByAll(part, resource) <= max))
    .toSorted((a, b) => gapBefore(b) - gapBefore(a));
  return border === undefined ? undefined : [window.slice(0, border), window.slice(border)];
}
