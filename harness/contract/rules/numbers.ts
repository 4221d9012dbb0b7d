import { valueAt } from '../places.ts';
import { type Rule, rule } from './rule.ts';

/** The profile whose numbers differ from those of all others, for stress/changed-numbers. */
const CHANGED = 'changed';

/**
 * Finds numbers of the profile `changed` that a service counts up to, and that are the same in another profile. A
 * service with that number in its code would keep it in both.
 */
export const numberRules: readonly Rule[] = [
  rule({
    at: ['profiles.*.limits.*.max', 'profiles.*.breakers.*.threshold'],
    when: ({ name: profile }) => profile === CHANGED,
    message: ({ value, path, contract: { profiles } }) =>
      Object.entries(profiles)
        .filter(([other, numbers]) => other !== CHANGED && valueAt(numbers, path.slice(2)) === value)
        .map(
          ([other]) =>
            `is ${value}, as in profiles.${other}, so it would not show whether the service reads its setting`,
        ),
  }),
];
