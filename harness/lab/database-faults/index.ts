import { Refusal } from '../../../faults/base/refusal.ts';
import { connectionFaults } from '../../../faults/connections/index.ts';
import { byName, type FaultKind, type FaultKinds } from '../../../faults/kinds/lib/fault.ts';
import type { FaultyDatabase } from './lib/fault.ts';
import { lock } from './lock.ts';
import { lostReply } from './lost-reply.ts';
import { restart } from './restart.ts';
import { slots } from './slots.ts';
import { stop } from './stop.ts';
import { terminate } from './terminate.ts';

const ANYWHERE: FaultKind<FaultyDatabase>[] = [...connectionFaults.values(), lock, lostReply, slots, terminate];

/**
 * Returns all kinds of database faults, by the name that is used in the control API.
 *
 * @param isStartedHere Whether the lab runs the server. If not, faults that stop it are rejected (`server-not-ours`).
 */
export const databaseFaults = (isStartedHere: boolean): FaultKinds<FaultyDatabase> =>
  byName(...ANYWHERE, ...[stop, restart].map((kind) => (isStartedHere ? kind : notStartedHere(kind))));

const notStartedHere = (kind: FaultKind<FaultyDatabase>): FaultKind<FaultyDatabase> => ({
  ...kind,
  create() {
    throw new Refusal(
      'server-not-ours',
      `"${kind.kind}" needs a server that the lab itself has started, and POSTGRES is the URL of another; allowed: ` +
        `${ANYWHERE.map((other) => other.kind).join(', ')}, or POSTGRES=embedded or container`,
    );
  },
});
