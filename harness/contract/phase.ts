/**
 * The names of phases, which scripts and checkers share. Scripts must import these types with `import type`, because k6
 * loads them without the harness.
 */

/**
 * The activity of a script in a phase. A `${string}` stands for a name from the contract, a kind of fault or a number.
 * The phases of a team's own scenarios begin with `own: `.
 */
export type Action =
  | 'by hand'
  | 'end'
  | 'warm-up'
  | Healthy
  | BrokenUpstream
  | OneFailingCall
  | LeavingCallers
  | ManyCallers
  | Fallback
  | BrokenDatabase
  | AtOnce
  | UnderLoad
  | `start: ${string}`
  | `own: ${string}`;

/** A script's phase: an action, or the time before or after one. */
export type Phase =
  | Action
  | `filled for ${Action}`
  | `ready for ${Action}`
  | `after ${Action}`
  | `failed after ${Action}`
  | `recovery from ${Action}`
  | `half-open after ${Action}`
  | `closed after ${Action}`
  | `trial beside ${Action}`;

/** Nothing is broken. */
type Healthy = 'steady' | 'steady again' | `endpoint ${string}` | `without proof: ${string}`;

/** The upstream of a breaker is broken. */
type BrokenUpstream =
  | 'below'
  | 'below again'
  | 'below after a while'
  | 'below after recovery'
  | 'opening'
  | 'open'
  | 'open, elsewhere'
  | 'half-open'
  | 'reopened'
  | 'one good trial too few'
  | 'reopened again'
  | 'closing'
  | 'at the minimum'
  | 'recovered'
  | 'closed'
  | 'recovery'
  | `outage ${string}`
  | `recovery ${string}`
  | 'both out'
  | `both out: ${string}`
  | `back: ${string}`
  | `closed: ${string}`
  | `row of ${string}: ${string}`
  | `row with retries of ${string}: ${string}`
  | `ignored by ${string}: ${string}`
  | `harmless to ${string}: ${string}`
  | `trial of ${string}: ${string}`
  | `crowd in trial of ${string}`
  | `in time: ${string}`
  | `too late: ${string}`
  | `hung trial: ${string}`
  | `late successes: ${string}`
  | `late failures: ${string}`
  | 'before'
  | 'hanging'
  | 'after';

/** A single call meets a fault or a bad certificate. */
type OneFailingCall =
  | 'trusted'
  | 'served before'
  | 'served again'
  | `failing ${string} ${string} in ${string}`
  | `streams of ${string} fail by ${string} for ${string} in ${string}`
  | `unread stream of ${string} in ${string}`
  | `impostor ${string} ${string} in ${string}`;

/** A caller leaves, or stays, while its call waits for an upstream or for another attempt. */
type LeavingCallers =
  | `stays: ${string} at ${string}`
  | `left: ${string} at ${string}`
  | `left again: ${string} at ${string}`
  | `stays for a retry: ${string} at ${string}`
  | `left before a retry: ${string} at ${string}`
  | `opened for trial: ${string}`
  | `left in trial: ${string}`;

/** The first upstreams of a fallback fail, or respond with an error that is no failure. */
type Fallback =
  | `fallback ${string} at ${string} in ${string}`
  | `no fallback ${string} at ${string} in ${string}`
  | `fallback outage in ${string}`
  | `fallback open in ${string}`
  | `fallback half-open in ${string}`
  | `fallback spares ${string} in ${string}`;

/** More callers than an upstream may have at once, callers one after another, and many that fail together. */
type ManyCallers =
  | `crowd at ${string}`
  | `crowd of streams at ${string}`
  | `one after another at ${string}`
  | `volley ${string} at ${string} in ${string}`;

/** The database or the service is broken, or the connection pool is exhausted. */
type BrokenDatabase =
  | 'locked'
  | `locked again ${number}`
  | 'connections lost'
  | 'abandoned'
  | 'neighbour leaves few'
  | 'neighbour leaves none'
  | 'neighbour has left'
  | `slow ${string} in ${string}`
  | 'lost replies'
  | `terminated by ${string}`
  | 'calls hang at SIGTERM'
  | 'streams at SIGTERM';

/** A client sends several requests at once. */
type AtOnce = `at once: ${string}` | `failing at once: ${string}` | `at once again: ${string}`;

/** Load at a fixed rate. */
type UnderLoad = 'measured' | 'soak' | 'calm before' | 'spike' | 'calm after' | `${number}/s, attempt ${number}`;
