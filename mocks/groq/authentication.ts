import type { AskedRequest } from '../../faults/upstream/asked-request.ts';
import { groqForbiddenKey, groqStatusError } from './errors.ts';
import type { GroqSettings } from './settings.ts';

/** The organisation of keys that the settings don't list. */
const DEFAULT_ORGANISATION = 'org_proofload';

/**
 * Returns the organisation of a request's Bearer key, or a 401 or 403 response if the key is missing, revoked or
 * forbidden.
 */
export function identifyOrganisation(request: AskedRequest, settings: GroqSettings): string | Response {
  const [, key] = /^Bearer\s+(\S+)/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (key === undefined || settings.revokedKeys.includes(key)) return groqStatusError(401);
  if (settings.forbiddenKeys.includes(key)) return groqForbiddenKey();
  const entries = Object.entries(settings.organisations);
  return entries.find(([, { keys }]) => keys.includes(key))?.[0] ?? DEFAULT_ORGANISATION;
}
