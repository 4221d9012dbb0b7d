import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { type EntryOrNone, eachEntry } from '../lib/each-entry.ts';
import { noiseOf, noiseOfNote } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { EARLY_MS } from '../lib/tolerances.ts';
import { fullestWindow, pressedQuotas, pressureOn, type Quota, usedBy, usedByAll } from './quota-windows.ts';
import { whyBeyondQuota } from './why-beyond-quota.ts';

/**
 * Checks that an upstream gets no more requests or tokens than its quota in any window of the promised length, wherever
 * the window begins. All requests that reach the upstream count, with the usage that it reported. Meanwhile, callers ask
 * for more than the quota.
 */
export const quotaKept: BuiltInChecker = {
  name: 'quota-kept',
  restsOn: ['steady-state'],
  usually:
    'Nothing limits the calls, concurrent callers pass together, windows begin at fixed times, or each process, endpoint or client counts alone. Tokens may be counted only after the call.',
  fix: 'Count in one place and in one step before the call, over a window that slides: all attempts, and the tokens of the prompt plus the largest answer. Correct the tokens when the answer has come.',
  cases: (facts) =>
    pressedQuotas(facts).map((quota) => ({
      check: checkOf(quota),
      promises: [['upstreams', quota.upstream, 'quota', quota.resource]],
    })),
  without: 'no upstream has a quota (upstreams.NAME.quota)',
  judge: (history, facts) =>
    pressedQuotas(facts).flatMap((quota) =>
      eachEntry(history.phases(pressureOn(quota), { upstream: quota.upstream })).map((phase) =>
        judge(history, facts, phase, quota),
      ),
    ),
};

const checkOf = ({ upstream, resource }: Quota): string => `quota of ${resource}: ${upstream}`;

function judge(history: History, facts: Facts, phase: EntryOrNone, quota: Quota): Finding {
  const { upstream, resource, max, seconds } = quota;
  const [calls, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  const all = history.receipts('request', upstream).toSorted((a, b) => a.at - b.at);
  const windowMs = seconds * 1_000 - EARLY_MS;
  const window = fullestWindow(all, resource, windowMs);
  const most = usedByAll(window, resource);
  const finding = {
    check: checkOf(quota),
    requests: tagsIn(phase),
    expected: `never more than ${max} ${resource} in ${seconds} s`,
    observed: `at most ${most} ${resource} in ${seconds} s, from ${count(calls.length, 'call')}`,
  };
  if (most > max) {
    const [first, last] = [window[0]?.at ?? 0, window.at(-1)?.at ?? 0];
    const noise = noiseOf(history, facts);
    const noisyMs = noiseOfNote(noise, first) + noiseOfNote(noise, last);
    const certain = usedByAll(fullestWindow(all, resource, windowMs - noisyMs), resource);
    const why = whyBeyondQuota(quota, window, { arrived, calls });
    return {
      ...finding,
      evidence: [
        `${count(window.length, 'request')} arrived within ${((last - first) / 1_000).toFixed(2)} s; without ${noisyMs.toFixed(0)} ms of machine noise, ${certain} ${resource} were used`,
      ],
      ...(why !== undefined && { usually: why }),
      changes: [{ path: ['upstreams', upstream, 'quota', resource], value: most }],
      verdict: certain > max ? 'FAIL' : 'INCONCLUSIVE',
    };
  }
  const lack = lackIn(history, phase, quota);
  return lack === undefined
    ? { ...finding, verdict: 'PASS' }
    : { ...finding, evidence: [lack.why], verdict: 'INCONCLUSIVE', ...(lack.isLasting && { lasting: true }) };
}

/** Returns why a quota that was kept could not have been exceeded, if so. */
function lackIn(
  history: History,
  phase: EntryOrNone,
  quota: Quota,
): { readonly why: string; readonly isLasting?: true } | undefined {
  const { upstream, resource, max, seconds, whole } = quota;
  const [calls, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  if (arrived.length === 0) return { why: `no request reached ${upstream}` };
  const used = usedByAll(arrived, resource);
  if (used === 0) return { why: `answers of ${upstream} report no usage, so tokens can't be counted`, isLasting: true };
  const windowMs = seconds * 1_000;
  const pressing = Math.max(...calls.map(({ at }) => inProgress(calls, at, at + windowMs)));
  const wanted = (pressing * used) / arrived.length;
  if (wanted <= max) return { why: `${count(pressing, 'call')} in ${seconds} s would not have used more` };
  const other = resource === 'requests' ? 'tokens' : 'requests';
  const otherMax = whole[other] ?? Number.POSITIVE_INFINITY;
  const largest = Math.max(...arrived.map((receipt) => usedBy(receipt, resource)));
  const largestOther = Math.max(...arrived.map((receipt) => usedBy(receipt, other)));
  const most = usedByAll(fullestWindow(arrived, resource, windowMs), resource);
  const mostOther = usedByAll(fullestWindow(arrived, other, windowMs), other);
  if (most + largest > max || mostOther + largestOther <= otherMax) return undefined;
  return {
    why:
      `the quota of ${other} was used up first: ${mostOther} of ${otherMax}. ` +
      (resource === 'tokens'
        ? 'Write ${unique} into the text of a request, so that its prompt can be long, or promise fewer tokens'
        : `Promise more ${other}, or fewer ${resource}`),
    isLasting: true,
  };
}

/** Returns how many calls were in progress at some time between two times. */
const inProgress = (calls: Parameters<typeof answered>[0][], from: number, until: number): number =>
  calls.filter((call) => call.at < until && answered(call) >= from).length;
