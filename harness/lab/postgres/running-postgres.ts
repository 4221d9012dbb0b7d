import type { ServerSwitch } from './server-switch.ts';

/** A PostgreSQL server that the lab can administer. */
export interface Postgres extends AsyncDisposable {
  /** The kind of server, and the reason for choosing it, for display. */
  description: string;
  /** The URL of a role that can create roles and databases and is exempt from the connection limit. */
  adminUrl: string;
  /** The ID of the server's main process. Absent if the lab did not start it on this machine. */
  pid?: number;
  /** Returns how the server ended if the lab did not end it. Absent if that can't be known. */
  gone?: () => string | undefined;
  /**
   * Stops the server, copies its data to a file, and starts it again. Returns the file, which is removed with the server.
   * Absent if its data can't be copied.
   */
  copy?: () => Promise<string>;
  /** Stops and starts the server. Absent if the lab did not start it. */
  server?: ServerSwitch;
}
