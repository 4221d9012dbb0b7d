import { cut } from './cut.ts';
import type { FaultKind } from './fault.ts';
import { hang } from './hang.ts';
import { latency } from './latency.ts';
import { malformedJson } from './malformed-json.ts';
import { reset } from './reset.ts';
import { status } from './status.ts';

/** Every kind of fault, by its name in the control API. */
export const faultKinds: ReadonlyMap<string, FaultKind> = new Map(
  [status, latency, hang, reset, cut, malformedJson].map((fault) => [fault.kind, fault]),
);
