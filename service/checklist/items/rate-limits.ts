import { fails, holds, type Item, unknown } from './item.ts';

export const rateLimits: Item = {
  title: 'Rate limits on every endpoint',
  judge({ limits }) {
    if ('missing' in limits) return unknown(`${limits.missing}. To see: call each endpoint until it answers 429`);
    const without = limits.value.filter(({ policy }) => policy === undefined).map(({ endpoint }) => endpoint);
    if (without.length > 0) return fails(`no limit is announced by ${without.join(', ')}`);
    const shown = limits.value.map(
      ({ endpoint, policy }) => `${endpoint} ${policy?.amount} in ${policy?.windowSeconds} s`,
    );
    return holds(`announced in RateLimit-Policy by each: ${shown.join(', ')}`);
  },
};
