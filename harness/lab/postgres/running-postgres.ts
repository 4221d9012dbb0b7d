import type { ServerSwitch } from './server-switch.ts';

/** A PostgreSQL server that the lab can administer. */
export interface Postgres extends AsyncDisposable {
  /** The kind of server and the reason for the choice, for display. */
  description: string;
  /** The URL of a role that can create roles and databases and is exempt from the connection limit. */
  adminUrl: string;
  /** The server's main process; absent if the lab did not start it on this machine. */
  pid?: number;
  /** Stops and starts the server; absent if the lab did not start it. */
  server?: ServerSwitch;
}
