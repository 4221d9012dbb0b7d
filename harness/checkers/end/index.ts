import type { BuiltInChecker } from '../lib/checker.ts';
import { endsWhenToldTo } from './ends-when-told-to.ts';
import { inFlightAtEnd } from './in-flight-at-end.ts';
import { newRequestsRefused } from './new-requests-refused.ts';
import { notReadyAtEnd } from './not-ready-at-end.ts';
import { streamsAtEnd } from './streams-at-end.ts';

export const END: readonly BuiltInChecker[] = [
  endsWhenToldTo,
  inFlightAtEnd,
  newRequestsRefused,
  notReadyAtEnd,
  streamsAtEnd,
];
