import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import refusing from './quota.ts';

const { llm } = refusing.upstreams;

/** The clerk again: calls beyond the quota wait in a queue. */
export default {
  ...refusing,
  name: 'clerk with a queue',
  environment: { ...refusing.environment, QUEUE_SECONDS: '20' },
  upstreams: { llm: { ...llm, kind: 'openai', quota: { requests: 10, per: 2, beyond: 'queued' as const } } },
} satisfies ContractFile;

export const defects = inProgram(
  'quota-service.ts',
  each(
    'chaos/quota',
    'beyond-quota-answered',
    { 'queue-given-up': 'calls beyond the quota of requests: llm' },
    { says: 'The queue gives up' },
  ),
  each(
    'chaos/quota',
    'quota-kept',
    { 'queue-emptied-at-once': 'quota of requests: llm' },
    { says: 'Nothing limits the requests' },
  ),
);
