import type { AskedRequest } from '../../faults/upstream/asked-request.ts';
import type { Answer } from '../../faults/upstream/text-answer.ts';
import { identifyOrganisation } from '../llm/identify-organisation.ts';
import { withHeaders } from '../llm/with-headers.ts';
import { errorResponse, type Refused, refusals } from './refusals.ts';
import type { AnthropicState } from './settings.ts';

/** A request with a valid key and version. */
export interface Asked {
  readonly request: AskedRequest;
  readonly organisation: string;
  /** The request's id without prefix. */
  readonly id: string;
}

const VERSIONS = ['2023-01-01', '2023-06-01'];

/**
 * Answers a request that has a valid key, in `x-api-key` or as a Bearer token, and a valid `anthropic-version`; refuses
 * others. Adds the headers of every response.
 */
export async function answer(
  state: AnthropicState,
  request: AskedRequest,
  respond: (asked: Asked) => Answer | Refused | Promise<Answer | Refused>,
): Promise<Answer> {
  const id = state.nextId();
  const [, token] = /^Bearer\s+(\S+)/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const identity = identifyOrganisation(request.headers.get('x-api-key') || token, state.settings);
  if ('refused' in identity) {
    const refused = { missing: refusals.noKey(), revoked: refusals.status(401), forbidden: refusals.status(403) };
    return withAnthropicHeaders(errorResponse(refused[identity.refused], id), id);
  }
  const { organisation } = identity;
  const result = refuseVersion(request) ?? (await respond({ request, organisation, id }));
  return withAnthropicHeaders('message' in result ? errorResponse(result, id) : result, id, organisation);
}

function refuseVersion({ headers }: AskedRequest): Refused | undefined {
  const version = headers.get('anthropic-version');
  if (version === null) return refusals.invalid('anthropic-version: header is required');
  if (VERSIONS.includes(version)) return undefined;
  return refusals.invalid(`anthropic-version: "${version}" is not a valid version`);
}

/** Adds the headers of every response of Anthropic; one without a valid key has no organisation. */
export function withAnthropicHeaders<Answered extends Answer>(
  response: Answered,
  id: string,
  organisation?: string,
): Answered {
  const owner = organisation === undefined ? {} : { 'anthropic-organization-id': organisation };
  return withHeaders(response, { 'request-id': `req_${id}`, ...owner });
}
