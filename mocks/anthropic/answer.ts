import type { Answer } from '../../faults/upstream/text-answer.ts';
import type { UpstreamRequest } from '../../faults/upstream/upstream-request.ts';
import { identifyOrganisation } from '../llm/identify-organisation.ts';
import { withHeaders } from '../llm/with-headers.ts';
import { errorResponse, type Refused, refusals } from './refusals.ts';
import type { AnthropicState } from './settings.ts';

/** A request with a valid key and version. */
export interface AuthenticatedRequest {
  readonly request: UpstreamRequest;
  readonly organisation: string;
  /** The request ID without its prefix. */
  readonly id: string;
  /** Whether the request uses the newest API version. */
  readonly isNewest: boolean;
}

/** The API version that removed the sampling parameters. */
const NEWEST_VERSION = '2026-10-21';
const VERSIONS = ['2023-01-01', '2023-06-01', NEWEST_VERSION];

/**
 * Handles a request that has a valid key, in `x-api-key` or as a Bearer token, and a valid `anthropic-version`, and
 * rejects all others. Adds the headers that every response has.
 */
export async function answer(
  state: AnthropicState,
  request: UpstreamRequest,
  respond: (authenticated: AuthenticatedRequest) => Answer | Refused | Promise<Answer | Refused>,
): Promise<Answer> {
  const id = state.nextId();
  const [, token] = /^Bearer\s+(\S+)/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const identity = identifyOrganisation(request.headers.get('x-api-key') || token, state.settings);
  if ('refused' in identity) {
    const refused = { missing: refusals.noKey(), revoked: refusals.status(401), forbidden: refusals.status(403) };
    return withAnthropicHeaders(errorResponse(refused[identity.refused], id), id);
  }
  const { organisation } = identity;
  const version = request.headers.get('anthropic-version');
  const isNewest = version === NEWEST_VERSION;
  const result = refuseVersion(version) ?? (await respond({ request, organisation, id, isNewest }));
  return withAnthropicHeaders('message' in result ? errorResponse(result, id) : result, id, organisation);
}

function refuseVersion(version: string | null): Refused | undefined {
  if (version === null) return refusals.invalid('anthropic-version: header is required');
  if (VERSIONS.includes(version)) return undefined;
  return refusals.invalid(`anthropic-version: "${version}" is not a valid version`);
}

/**
 * Adds the headers that all Anthropic responses have. A response to a request without a valid key has no organization
 * header.
 */
export function withAnthropicHeaders<Answered extends Answer>(
  response: Answered,
  id: string,
  organisation?: string,
): Answered {
  const owner = organisation === undefined ? {} : { 'anthropic-organization-id': organisation };
  return withHeaders(response, { 'request-id': `req_${id}`, ...owner });
}
