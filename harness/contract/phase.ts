/**
 * The names of phases, which scripts and checkers share. Scripts must import the types with `import type`, because k6
 * loads them without the harness.
 */

/** Nothing is broken. */
const HEALTHY = ['steady', 'steady again', 'endpoint *', 'without proof: *'] as const;

/** The upstream of a breaker is broken. */
const BROKEN_UPSTREAM = [
  'below',
  'below again',
  'below after a while',
  'below after recovery',
  'opening',
  'open',
  'open, elsewhere',
  'half-open',
  'reopened',
  'one good trial too few',
  'reopened again',
  'closing',
  'at the minimum',
  'recovered',
  'closed',
  'recovery',
  'outage *',
  'cost of failing calls',
  'recovery *',
  'both out',
  'both out: *',
  'back: *',
  'closed: *',
  'row of *: *',
  'row with retries of *: *',
  'ignored by *: *',
  'harmless to *: *',
  'trial of *: *',
  'crowd in trial of *',
  'in time: *',
  'too late: *',
  'hung trial: *',
  'late successes: *',
  'late failures: *',
  'before',
  'hanging',
  'after',
] as const;

/** A single call meets a fault or a bad certificate. */
const ONE_FAILING_CALL = [
  'trusted',
  'served before',
  'served again',
  'failing * * in *',
  'streams of * fail by * for * in *',
  'unread stream of * in *',
  'impostor * * in *',
  'unverified * * in *',
] as const;

/** A caller leaves, or stays, while its call waits for an upstream or for another attempt. */
const LEAVING_CALLERS = [
  'stays: * at *',
  'left: * at *',
  'left again: * at *',
  'stays for a retry: * at *',
  'left before a retry: * at *',
  'opened for trial: *',
  'left in trial: *',
] as const;

/** The first upstreams of a fallback fail, or respond with an error that is no failure. */
const FALLBACK = [
  'fallback * at * in *',
  'no fallback * at * in *',
  'fallback outage in *',
  'fallback open in *',
  'fallback half-open in *',
  'fallback spares * in *',
] as const;

/** More callers than an upstream may have at once, callers one after another, and many that fail together. */
const MANY_CALLERS = ['crowd at *', 'crowd of streams at *', 'one after another at *', 'volley * at * in *'] as const;

/** The database or the service is broken, or the connection pool is exhausted. */
const BROKEN_DATABASE = [
  'locked',
  'locked again *',
  'connections lost',
  'abandoned',
  'neighbour leaves few',
  'neighbour leaves none',
  'neighbour has left',
  'slow * in *',
  'lost replies',
  'terminated by *',
  'calls hang at SIGTERM',
  'streams at SIGTERM',
] as const;

/** A client sends several requests at once. */
const AT_ONCE = ['abuse *', 'at once: *', 'failing at once: *', 'at once again: *'] as const;

/** Load at a fixed rate. */
const UNDER_LOAD = ['measured', 'soak', 'calm before', 'spike', 'calm after', '*/s, attempt *'] as const;

/** The actions of scripts in phases. A `*` stands for a name from the contract, a kind of fault or a number. */
const ACTIONS = [
  'by hand',
  'end',
  'warm-up',
  ...HEALTHY,
  ...BROKEN_UPSTREAM,
  ...ONE_FAILING_CALL,
  ...LEAVING_CALLERS,
  ...FALLBACK,
  ...MANY_CALLERS,
  ...BROKEN_DATABASE,
  ...AT_ONCE,
  ...UNDER_LOAD,
  'start: *',
  'own: *',
] as const;

/** What a phase is about, if it is not the action itself but the time before or after it. */
const TIMES = [
  'filled for ',
  'ready for ',
  'after ',
  'failed after ',
  'recovery from ',
  'half-open after ',
  'closed after ',
  'trial beside ',
] as const;

/** A form with any text in place of each `*`. */
type Filled<Form extends string> = Form extends `${infer Before}*${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Form;

/** The activity of a script in a phase. The phases of a team's own scenarios begin with `own: `. */
export type Action = Filled<(typeof ACTIONS)[number]>;

/** A script's phase: an action, or the time before or after one. */
export type Phase = Action | `${(typeof TIMES)[number]}${Action}`;
