import { byName } from '../kinds/lib/fault.ts';
import { blackhole } from './blackhole.ts';
import { halfClose } from './half-close.ts';
import { halfOpen } from './half-open.ts';
import { latency } from './latency.ts';
import type { ConnectionFault } from './lib/connection-fault.ts';
import { refuse } from './refuse.ts';
import { reset } from './reset.ts';

/** All kinds of faults for a TCP server behind a proxy, regardless of its protocol, by name in the control API. */
export const connectionFaults: ReadonlyMap<string, ConnectionFault> = byName(
  latency,
  blackhole,
  reset,
  halfOpen,
  halfClose,
  refuse,
);
