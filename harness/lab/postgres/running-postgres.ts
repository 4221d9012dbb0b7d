import type { ServerSwitch } from './server-switch.ts';

/** A PostgreSQL server that the lab may administer. */
export interface Postgres extends AsyncDisposable {
  /** What it is, for people: which kind, and why that one. */
  description: string;
  /** URL of a role that may create roles and databases and is not bound by the ceiling of plain roles. */
  adminUrl: string;
  /** The process that it and all of its backends descend from; absent where the lab did not start it on this machine. */
  pid?: number;
  /** Stops and starts it; absent where the lab did not start it. */
  server?: ServerSwitch;
}
