import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import lameDuck from './lame-duck.ts';

/** A service that serves new requests for a second after SIGTERM, but is not ready, before it refuses them. */
export default {
  ...lameDuck,
  name: 'service that is drained before it ends',
  environment: { ...lameDuck.environment, DRAIN_MS: '1000' },
  termination: { ...lameDuck.termination, streams: 'finished', drainSeconds: 1 },
} satisfies ContractFile;

export const defects = inProgram(
  'lame-duck-service.ts',
  each('chaos/termination', 'not-ready-at-end', {
    'ready-until-it-refuses': 'not ready after SIGTERM: ready',
    'requests-refused-while-it-should-drain': 'not ready after SIGTERM: ready',
  }),
  each('chaos/termination', 'streams-at-end', { 'streams-interrupted-at-once': 'streams in progress at SIGTERM' }),
  each('chaos/termination', 'new-requests-refused', { 'drains-to-the-end': 'refuses new requests after SIGTERM' }),
);
