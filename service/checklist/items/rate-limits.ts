import type { Limit } from '../../config/limit-string.ts';
import { comparedWithSpecified, describeLimits, type LimitSetting, SPECIFIED } from '../../config/specified.ts';
import type { AnnouncedLimit } from '../observe/observations.ts';
import { samplesOf } from '../observe/samples.ts';
import { fails, holds, type Item, unknown, warns } from './item.ts';

/** The endpoints with their own limit. All others have the default. */
const SETTINGS: Readonly<Record<string, LimitSetting>> = {
  'POST /v1/conversations/end': 'RATE_LIMIT_CONVERSATION_END',
  'POST /v1/activities/suggest': 'RATE_LIMIT_ACTIVITIES_SUGGEST',
  'GET /health': 'RATE_LIMIT_HEALTH_CHECK',
};

export const rateLimits: Item = {
  title: 'Rate limits on every endpoint',
  judge({ limits, metrics }) {
    if ('missing' in limits) return unknown(`${limits.missing}. To check: call each endpoint until it answers 429`);
    const without = limits.value.filter(({ policy }) => policy === undefined);
    const named = (all: typeof without) => all.map(({ endpoint, status }) => `${endpoint} (${status})`).join(', ');
    // An overloaded service refuses requests before it counts them.
    const failed = without.filter(({ status }) => status >= 500);
    if (without.length > failed.length) {
      return fails(`no RateLimit-Policy header from ${named(without.filter((limit) => !failed.includes(limit)))}`);
    }
    if (failed.length > 0) return unknown(`${named(failed)} failed, without its limit. To check: try again`);
    const samples = 'value' in metrics ? samplesOf(metrics.value, 'rate_limit_requests') : [];
    const compared = limits.value.map((announced) => compare(announced, samples));
    const looser = compared.filter(({ result }) => result === 'looser').map(({ shown }) => shown);
    if (looser.length > 0) return fails(`more requests than specified are allowed: ${looser.join('; ')}`);
    const stricter = compared.filter(({ result }) => result === 'stricter').map(({ shown }) => shown);
    if (stricter.length > 0) return warns(`stricter than specified: ${stricter.join('; ')}`);
    return holds(
      `every endpoint sends the specified RateLimit-Policy: ${compared.map(({ shown }) => shown).join(', ')}`,
    );
  },
};

/** The header shows only the limit with the shortest window. The metrics show all limits of a setting. */
function compare({ endpoint, policy }: AnnouncedLimit, samples: ReturnType<typeof samplesOf>) {
  const setting = SETTINGS[endpoint] ?? 'RATE_LIMIT_DEFAULT';
  const announced = { amount: policy?.amount ?? 0, windowMs: (policy?.windowSeconds ?? 0) * 1000 };
  const others = samples
    .filter(({ labels }) => labels.setting === setting)
    .map(({ labels, value }): Limit => ({ amount: value, windowMs: Number(labels.window_seconds) * 1000 }))
    .filter(({ windowMs }) => windowMs !== announced.windowMs);
  const inForce = [announced, ...others];
  const result = comparedWithSpecified(setting, inForce);
  const instead = result === 'equal' ? '' : ` instead of ${describeLimits(SPECIFIED[setting])}`;
  return { result, shown: `${endpoint} ${describeLimits(inForce)}${instead}` };
}
