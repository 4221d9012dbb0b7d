/** What a scenario says of itself, as plain data: the harness reads it before it runs the script. */
export interface Proof {
  /** One sentence: what is done, and what must hold. */
  about: string;
  /**
   * What a run has not judged if it skips this scenario, in a few words that complete "Not judged: …". A plain text: it is read from the
   * file if the contract promises too little to evaluate the script.
   */
  judges: string;
  /** How many client addresses the script speaks from: VU n has the n-th. */
  clients: number;
  /** About how long it takes, in seconds, by the numbers that it is told (lasting.ts): what a run says before its first. */
  seconds: number;
  /** Conditions of the contract that the service is started under. */
  conditions: string[];
  /** Further processes of the service on the same database, where it is about several: the conditions of each. */
  beside?: string[][];
  /** The breaker that it is about, where it is about one. */
  breaker?: string;
  /** The profile whose numbers the service is held to, where it is not the run's. */
  profile?: string;
  /** Whether it measures what the machine bears, so that no other scenario may run beside it. */
  alone?: boolean;
  /**
   * Whether clients keep their connections, as those of a load that goes on do. Otherwise each request has one of its own: a server
   * may close an idle one at any time, and a script with pauses would meet that.
   */
  keepsConnections?: boolean;
  /** The checkers that must hold, beside those that judge every scenario. */
  holds: string[];
}
