import type { AskedRequest } from '../../faults/upstream/route.ts';
import { groqForbiddenKey, groqStatusError } from './errors.ts';
import type { GroqSettings } from './settings.ts';

/** The organisation of keys that are listed in none. */
const DEFAULT_ORGANISATION = 'org_proofload';

/** The organisation whose Bearer key a request has, or the 401 or 403 for one without, with a revoked or a forbidden one. */
export function identifyOrganisation(request: AskedRequest, settings: GroqSettings): string | Response {
  const [, key] = /^Bearer\s+(\S+)/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (key === undefined || settings.revokedKeys.includes(key)) return groqStatusError(401);
  if (settings.forbiddenKeys.includes(key)) return groqForbiddenKey();
  const entries = Object.entries(settings.organisations);
  return entries.find(([, { keys }]) => keys.includes(key))?.[0] ?? DEFAULT_ORGANISATION;
}
