import http from 'k6/http';
import type { Caller } from '../../harness/callers/authorize.ts';
import { composeLogIn } from '../../harness/callers/compose-call.ts';
import { mergeHeaders } from '../../harness/callers/compose-request.ts';
import { context, find } from './context.ts';
import { searchAnswer } from './search-answer.ts';
import { traced } from './trace.ts';

let made = 0;

/** Logs a caller in. Returns the cookie or token that the service issues, or undefined if it issues none. */
export async function logIn(caller: Caller, client: number): Promise<string | undefined> {
  const { authentication } = context;
  if (authentication?.kind !== 'login') return undefined;
  made += 1;
  const unique = `login-${__VU}-${made}-${Date.now().toString(36)}`;
  const endpoint = find(context.endpoints, authentication.endpoint);
  const request = composeLogIn(context, endpoint, { unique, client }, caller);
  const { method, path, headers, body } = request;
  const response = await traced((trace) =>
    http.asyncRequest(method, context.services[0] + path, body, {
      headers: mergeHeaders(trace, headers),
      redirects: 0,
      jar: new http.CookieJar(),
      tags: { name: authentication.endpoint, endpoint: authentication.endpoint, step: 'login' },
    }),
  );
  searchAnswer(response, request, { endpoint: authentication.endpoint });
  const { cookie, token } = authentication;
  if (cookie !== undefined) return response.cookies[cookie]?.[0]?.value;
  const found = response.status >= 200 && response.status < 300 && token ? response.json(token) : undefined;
  return typeof found === 'string' ? found : undefined;
}
