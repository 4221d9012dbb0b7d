import type { RefinedResponse, ResponseType } from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Composed } from '../../harness/callers/compose-request.ts';
import type { Tags } from '../../harness/contract/tags.ts';
import { internalsIn, secretsIn } from '../../harness/secrecy/find-leaks.ts';
import { context } from './context.ts';
import { remembered } from './remembered.ts';

/** The secrets that responses show: the name in the tag `shows`, never the value, and the place. */
const leaks = new Counter('leaks');
/** Which kinds of responses were searched: one sample for each endpoint and status. */
const searched = new Counter('responses_searched');

const seen = new Set<string>();

const WITHOUT_BODY = [204, 304];

/** Whether a script can see the whole response. k6 can be told to discard bodies. */
const isWhole = (status: number, headers: Record<string, string>, body: unknown): boolean =>
  typeof body === 'string' || WITHOUT_BODY.includes(status) || headers['Content-Length'] === '0';

type Answer = RefinedResponse<ResponseType | undefined>;

const { leakTargets: targets = { secrets: [], folders: [] } } = context;

/** Returns what a body shows, whatever its caller sent. */
const shownIn = remembered((text, _endpoint: string, status: string) => ({
  secrets: secretsIn(text, targets),
  internals: internalsIn(text, targets, Number(status) >= 400, () => ''),
}));

/** Searches a response's headers and body if the contract promises secrecy, and records what they show. */
export function searchAnswer(answer: Answer, request: Composed, tags: Tags): void {
  if (context.leakTargets && answer.status !== 0) search(answer, request, tags);
}

function search({ status, headers, body }: Answer, request: Composed, { endpoint = '', phase }: Tags): void {
  const tags = { endpoint, status: String(status), ...(phase !== undefined && { phase }) };
  const sent = () => JSON.stringify(request);
  const report = (place: string, found: readonly string[]) => {
    for (const shows of found) leaks.add(1, { ...tags, place, shows });
  };
  const text = typeof body === 'string' ? body : '';
  const shown = shownIn(text, endpoint, tags.status);
  // Most responses show nothing, and k6 takes long for many short texts.
  if (secretsIn(Object.values(headers).join('\n'), targets).length > 0) {
    for (const [name, value] of Object.entries(headers)) report(name, secretsIn(value, targets, sent));
  }
  if (shown.secrets.length > 0) report('body', secretsIn(text, targets, sent));
  if (shown.internals.length > 0) report('body', internalsIn(text, targets, status >= 400, sent));
  const kind = `${endpoint} ${status}`;
  if (seen.has(kind) || !isWhole(status, headers, body)) return;
  seen.add(kind);
  searched.add(1, tags);
}
