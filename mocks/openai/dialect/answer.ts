import type { Answer } from '../../../faults/upstream/text-answer.ts';
import type { UpstreamRequest } from '../../../faults/upstream/upstream-request.ts';
import { identifyOrganisation } from '../../llm/identify-organisation.ts';
import { withHeaders } from '../../llm/with-headers.ts';
import type { Dialect, DialectState } from './dialect.ts';

/** A request with a valid key. */
export interface AuthenticatedRequest {
  readonly request: UpstreamRequest;
  readonly organisation: string;
  /** The request ID without its prefix. */
  readonly id: string;
}

/** A fake's dialect and state. */
export interface Fake {
  readonly dialect: Dialect;
  readonly state: DialectState;
}

/** Handles a request that has a valid key, and rejects all others. Adds the headers that every response has. */
export async function answer(
  fake: Fake,
  request: UpstreamRequest,
  respond: (authenticated: AuthenticatedRequest) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { dialect, state } = fake;
  const began = state.now();
  const id = state.nextId();
  const [, key] = /^Bearer\s+(\S+)/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const identity = identifyOrganisation(key, state.settings);
  let response: Answer;
  if ('organisation' in identity) response = await respond({ request, organisation: identity.organisation, id });
  else response = identity.refused === 'forbidden' ? dialect.errors.forbidden() : dialect.errors.unauthorized(key);
  return withHeaders(response, dialect.headers(id, state.now() - began));
}
