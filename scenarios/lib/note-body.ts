import crypto from 'k6/crypto';
import type { RefinedResponse, ResponseType } from 'k6/http';
import { Counter } from 'k6/metrics';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { tagsOf } from './service.ts';

/** The bodies of answers to calls that failed, as hashes. */
const failingBodies = new Counter('failing_bodies');

/** Notes which body a caller got, to compare it with that of the upstream: see faults/receipts/body-hash.ts. */
export function noteBody(answer: RefinedResponse<ResponseType | undefined>, tags: ScriptTags): void {
  const body = crypto.sha256(String(answer.body ?? ''), 'hex').slice(0, 12);
  failingBodies.add(1, { ...tagsOf(tags), body });
}
