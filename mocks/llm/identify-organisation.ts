import type { LlmSettings } from './settings.ts';

/** The organization for keys that the settings don't list. */
const DEFAULT_ORGANISATION = 'org_proofload';

/** The owner of a key, or the reason why the key is rejected. */
export type Identity =
  | { readonly organisation: string }
  | { readonly refused: 'missing' | 'revoked' | 'forbidden'; readonly key?: string };

/** Returns the organization of an API key, or the reason why the key is rejected. */
export function identifyOrganisation(key: string | undefined, settings: LlmSettings): Identity {
  if (key === undefined) return { refused: 'missing' };
  if (settings.revokedKeys.includes(key)) return { refused: 'revoked', key };
  if (settings.forbiddenKeys.includes(key)) return { refused: 'forbidden', key };
  const entries = Object.entries(settings.organisations);
  return { organisation: entries.find(([, { keys }]) => keys.includes(key))?.[0] ?? DEFAULT_ORGANISATION };
}
