import type { Contract } from './contract.ts';

/** Returns the names of all settings that a contract gives a service, in any condition or profile. */
export function settingsOf({ environment, conditions, profiles }: Contract): string[] {
  const others = [...Object.values(conditions), ...Object.values(profiles).map((numbers) => numbers.environment)];
  return [...new Set([environment, ...others].flatMap(Object.keys))];
}
