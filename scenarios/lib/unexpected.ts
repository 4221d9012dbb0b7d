import type { RefinedResponse, ResponseType } from 'k6/http';
import { Trend } from 'k6/metrics';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { tagsOf } from './service.ts';

const unexpectedStatus = new Trend('unexpected_status');

/** Maximum number of characters to record. Error bodies are shorter, with few exceptions. */
const MOST = 4_000;

/** Records the body of an unexpected response, so that the report can show it (see endpoints-served.ts). */
export function noteUnexpected({ status, body }: RefinedResponse<ResponseType | undefined>, tags: ScriptTags): void {
  const text = String(body ?? '');
  // The last word may be half of a secret, which would not be redacted.
  const beginning = text.length > MOST ? text.slice(0, MOST).replace(/\S*$/, '') : text;
  if (status !== 0 && beginning !== '') unexpectedStatus.add(status, { ...tagsOf(tags), body: beginning });
}
