import { fails, holds, type Item, unknown } from './item.ts';

export const rateLimits: Item = {
  title: 'Rate limits on every endpoint',
  judge({ limits }) {
    if ('missing' in limits) return unknown(`${limits.missing}. To check: call each endpoint until it answers 429`);
    const without = limits.value.filter(({ policy }) => policy === undefined).map(({ endpoint }) => endpoint);
    if (without.length > 0) return fails(`no RateLimit-Policy header from ${without.join(', ')}`);
    const shown = limits.value.map(
      ({ endpoint, policy }) => `${endpoint} ${policy?.amount} in ${policy?.windowSeconds} s`,
    );
    return holds(`every endpoint sends RateLimit-Policy: ${shown.join(', ')}`);
  },
};
