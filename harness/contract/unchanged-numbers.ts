import type { Contract, Numbers } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** The profile whose numbers differ from those of all others, for stress/changed-numbers. */
const CHANGED = 'changed';

/**
 * Finds numbers of the profile `changed` that are the same in another profile. A service with that number in its code
 * would keep it in both.
 */
export function unchangedNumbers({ profiles: { [CHANGED]: changed, ...others } }: Contract): Problem[] {
  if (changed === undefined) return [];
  const counted = countsOf(changed);
  return Object.entries(others).flatMap(([other, numbers]) => {
    const its = new Map(countsOf(numbers).map(({ path, value }) => [path.join(' '), value]));
    return counted
      .filter(({ path, value }) => its.get(path.join(' ')) === value)
      .map(({ path, value }) => ({
        path: ['profiles', CHANGED, ...path],
        message: `is ${value}, as in profiles.${other}, so it would not show whether the service reads its setting`,
      }));
  });
}

/** Returns the numbers that a service counts up to. */
const countsOf = ({ limits, breakers }: Numbers): { path: string[]; value: number | undefined }[] => [
  ...Object.entries(limits).map(([name, { max }]) => ({ path: ['limits', name, 'max'], value: max })),
  ...Object.entries(breakers).flatMap(([name, { threshold }]) =>
    threshold === undefined ? [] : [{ path: ['breakers', name, 'threshold'], value: threshold }],
  ),
];
