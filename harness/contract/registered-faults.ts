import { connectionFaults } from '../../faults/connections/index.ts';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import { natureOf } from '../../faults/kinds/lib/nature.ts';
import type { KnownFaults } from './known-faults.ts';

/**
 * Returns the facts about all kinds of faults in this process, including a team's own. Kinds for HTTP and TCP with the
 * same name are alike. To judge a history, use the facts in its header, because this process may have others.
 */
export const registeredFaults = (): KnownFaults =>
  Object.fromEntries(
    [...connectionFaults.values(), ...upstreamFaults.values()].map((kind) => [kind.kind, natureOf(kind)]),
  );
