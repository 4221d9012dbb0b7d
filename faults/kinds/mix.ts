import { z } from 'zod';
import { createShares } from '../base/shares.ts';
import type { FaultKinds } from './lib/fault.ts';
import { parseKind } from './lib/parse-kind.ts';
import { defineUpstreamFault, type UpstreamFault } from './lib/upstream-fault.ts';

const weight = z.number().positive().max(1_000_000).describe('a number above 0, at most 1000000');

const MIX = [
  { kind: 'status', status: 503, weight: 3 },
  { kind: 'latency', milliseconds: 600, weight: 7 },
];

/**
 * Applies one of several faults to each request, in proportion to their `weight` and without randomness. For example, a
 * fault with a weight of 3 out of 10 affects exactly 3 of every 10 requests, evenly distributed. The members are faults
 * of `kinds` with their own fields.
 */
export const mixOf = (kinds: FaultKinds): UpstreamFault =>
  defineUpstreamFault({
    kind: 'mix',
    does: 'applies one of several faults to each request, in exact proportions',
    // The members determine the effect. A contract lists them instead of a mix.
    effect: 'fails',
    fields: {
      of: z
        .array(z.looseObject({ kind: z.string(), weight: z.unknown() }))
        .min(1)
        .describe('an array of faults, each with its kind, its own fields and a "weight"')
        .meta({ examples: [MIX] }),
    },
    create({ of }) {
      const members = of.map((member, index) => {
        const { kind, options } = parseKind(member, { kinds, fields: { weight }, subject: `member ${index} of mix` });
        const { weight: share, ...own } = options;
        return { kind: kind.kind, weight: share as number, actions: kind.create(own) };
      });
      const freshening = members.find(({ actions }) => actions.freshen);
      const next = createShares(members.map((member) => member.weight));
      return {
        ...(freshening && { freshen: freshening.actions.freshen }),
        pick() {
          const { kind, actions } = members[next()] as (typeof members)[number];
          return { kind: `mix/${kind}`, actions };
        },
      };
    },
  });
