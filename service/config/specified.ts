import type { Limit } from './limit-string.ts';
import { type Settings, settingsSchema } from './settings.ts';

/** The numbers of the specification, which are the settings' defaults. */
export const SPECIFIED = settingsSchema
  .pick({
    RATE_LIMIT_DEFAULT: true,
    RATE_LIMIT_CONVERSATION_END: true,
    RATE_LIMIT_ACTIVITIES_SUGGEST: true,
    RATE_LIMIT_HEALTH_CHECK: true,
    CIRCUIT_BREAKER_FAILURE_THRESHOLD: true,
    CIRCUIT_BREAKER_RECOVERY_TIMEOUT: true,
  })
  .parse({});

const LIMIT_SETTINGS = [
  'RATE_LIMIT_DEFAULT',
  'RATE_LIMIT_CONVERSATION_END',
  'RATE_LIMIT_ACTIVITIES_SUGGEST',
  'RATE_LIMIT_HEALTH_CHECK',
] as const;

export type LimitSetting = (typeof LIMIT_SETTINGS)[number];

/** How a setting's limits compare with the specified ones. `looser` means that clients get more requests. */
export function comparedWithSpecified(name: LimitSetting, limits: readonly Limit[]): 'equal' | 'stricter' | 'looser' {
  const looser = SPECIFIED[name].some(({ amount, windowMs }) => {
    const granted = limits.map((limit) => limit.amount * Math.ceil(windowMs / limit.windowMs));
    return Math.min(...granted) > amount;
  });
  if (looser) return 'looser';
  return describeLimits(limits) === describeLimits(SPECIFIED[name]) ? 'equal' : 'stricter';
}

/** Describes limits, such as `100 in 60 s`. */
export const describeLimits = (limits: readonly Limit[]): string =>
  limits.map(({ amount, windowMs }) => `${amount} in ${windowMs / 1000} s`).join(' and ');

/** Returns a warning for each number that is in force and differs from the specification. */
export function otherThanSpecified(settings: Settings): string[] {
  const found: string[] = [];
  const compare = (name: keyof typeof SPECIFIED, given: string, specified: string) => {
    if (given !== specified) found.push(`${name} is ${given}: the specification says ${specified}.`);
  };
  if (settings.RATE_LIMIT_ENABLED) {
    for (const name of LIMIT_SETTINGS) compare(name, describeLimits(settings[name]), describeLimits(SPECIFIED[name]));
  }
  if (settings.CIRCUIT_BREAKER_ENABLED) {
    const threshold = 'CIRCUIT_BREAKER_FAILURE_THRESHOLD';
    const recovery = 'CIRCUIT_BREAKER_RECOVERY_TIMEOUT';
    compare(threshold, `${settings[threshold]}`, `${SPECIFIED[threshold]}`);
    compare(recovery, `${settings[recovery] / 1000} s`, `${SPECIFIED[recovery] / 1000} s`);
  }
  return found;
}
