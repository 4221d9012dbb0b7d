import type { ContractFile } from '../../../harness/contract/contract.ts';
import lameDuck from './lame-duck.ts';

/** A service that serves new requests for a second after SIGTERM, but is not ready, before it refuses them. */
export default {
  ...lameDuck,
  name: 'service that is drained before it ends',
  environment: { ...lameDuck.environment, DRAIN_MS: '1000' },
  termination: { ...lameDuck.termination, streams: 'finished', drainSeconds: 1 },
} satisfies ContractFile;
