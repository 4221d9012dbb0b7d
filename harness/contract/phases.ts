/**
 * The actions of scripts in their phases, as data. Scripts must import the types with `import type`, because k6 loads
 * them without the harness.
 */

/** The fields of phases. A field has the same meaning and type in all of them. */
export interface PhaseFields {
  readonly upstream: string;
  readonly endpoint: string;
  readonly breaker: string;
  readonly budget: string;
  /** The name of a fault, as the script or the contract calls it. */
  readonly fault: string;
  /** The names of several faults, in order. */
  readonly faults: readonly string[];
  /** The upstreams that fail. */
  readonly failing: readonly string[];
  /** The kind of a bad certificate. */
  readonly certificate: string;
  /** The signal with which a service is ended. */
  readonly signal: string;
  /** The settings of one of several services that run beside each other. */
  readonly variant: string;
  /** The settings with which a service is tried to be started. */
  readonly settings: string;
  /** The number of a round that is repeated, starting at 1. */
  readonly round: number;
  /** The number of attempts of a call that fail. */
  readonly failures: number;
  /** The name of a tool that models can call. */
  readonly tool: string;
  /** Requests per second. */
  readonly rate: number;
}

/** Nothing is broken. */
const HEALTHY = {
  steady: 'steady',
  'steady again': 'steady again',
  endpoint: 'endpoint {endpoint}',
  'callers at once': 'callers at once: {endpoint}',
  'read after write': 'read after write: {endpoint}',
  'without proof': 'without proof: {endpoint}',
  'warm-up': 'warm-up',
  end: 'end',
  'by hand': 'by hand',
} as const;

/** The upstream of the breaker under test is broken. */
const OUTAGE = {
  below: 'below',
  'below again': 'below again',
  'below after a while': 'below after a while',
  'below after recovery': 'below after recovery',
  opening: 'opening',
  open: 'open',
  'open, elsewhere': 'open, elsewhere',
  'trial due': 'trial due',
  'half-open': 'half-open',
  reopened: 'reopened',
  'one good trial too few': 'one good trial too few',
  'reopened again': 'reopened again',
  closing: 'closing',
  'at the minimum': 'at the minimum',
  recovered: 'recovered',
  closed: 'closed',
  before: 'before',
  hanging: 'hanging',
  refused: 'refused',
  after: 'after',
} as const;

/** One of several breakers, or its absence, is under test. */
const BREAKERS = {
  filled: 'windows filled',
  ready: 'windows ready',
  'both out': 'both out: {breaker}',
  back: 'back: {breaker}',
  'closed again': 'closed: {breaker}',
  row: 'row of {breaker}: {faults}',
  'row with retries': 'row with retries of {breaker}: {faults}',
  'below with retries': 'below, with retries',
  'opening with retries': 'opening, with retries',
  'open with retries': 'open, with retries',
  'half-open with retries': 'half-open, with retries',
  'reopened with retries': 'reopened, with retries',
  ignored: 'ignored by {breaker}: {faults}',
  harmless: 'harmless to {breaker}: {faults}',
  trial: 'trial of {breaker}: {fault}',
  alone: 'only {fault} for {breaker}',
  'alone for longer': 'only {fault} for {breaker}, until it opens',
  'failed trial': 'failed trial of {breaker}: {fault}',
  'crowd in trial': 'crowd in trial of {breaker}',
  'in time': 'in time: {breaker}',
  'too late': 'too late: {breaker}',
  'hung trial': 'hung trial: {breaker}',
  'late successes': 'late successes: {breaker}',
  'late failures': 'late failures: {breaker}',
  'opened for trial': 'opened for trial: {breaker}',
  'left in trial': 'left in trial: {breaker}',
  'outage beside': 'outage {variant}',
  'cost beside': 'cost of failing calls',
  'recovery beside': 'recovery {variant}',
} as const;

/** A single call meets a fault, a bad certificate or a redirect to another host. */
const ONE_FAILING_CALL = {
  failing: 'failing {upstream} {fault} in {endpoint}',
  diluted: 'served beside failures of {upstream} in {endpoint}',
  'recovery by calls': 'recovery of {upstream} by calls',
  'failing streams': 'streams of {upstream} fail by {fault} for {breaker} in {endpoint}',
  'relayed stream': 'stream of {upstream} with a pause in {endpoint}',
  'unread stream': 'unread stream of {upstream} in {endpoint}',
  impostor: 'impostor {upstream} {certificate} in {endpoint}',
  'impostor again': 'impostor {upstream} {certificate} in {endpoint} after {fault}',
  redirected: 'redirect of {upstream} by {fault} in {endpoint}',
  unverified: 'unverified {upstream} {certificate} in {endpoint}',
  'no connection': 'no connection to {upstream} in {endpoint}',
  rescued: 'rescued from {failures} × {fault} of {upstream} in {endpoint}',
} as const;

/** A caller leaves, or stays, while its call waits for an upstream or for another attempt. */
const LEAVING_CALLERS = {
  stays: 'stays: {endpoint} at {upstream}',
  left: 'left: {endpoint} at {upstream}',
  'left again': 'left again: {endpoint} at {upstream}',
  'stays for a retry': 'stays for a retry: {endpoint} at {upstream}',
  'left before a retry': 'left before a retry: {endpoint} at {upstream}',
} as const;

/** An endpoint accepts work while an upstream fails. The upstream works again in the phase `after`. */
const ACCEPTED_WORK = {
  'accepts work': 'accepts work without {upstream}: {endpoint}',
  'accepts work, restarted': 'accepts work without {upstream}, then {signal}: {endpoint}',
} as const;

/** The first upstreams of a fallback fail, or respond with an error that is no failure. */
const FALLBACK = {
  fallback: 'fallback {fault} at {failing} in {endpoint}',
  'no fallback': 'no fallback {fault} at {failing} in {endpoint}',
  'fallback outage': 'fallback outage in {endpoint}',
  'fallback open': 'fallback open in {endpoint}',
  'fallback half-open': 'fallback half-open in {endpoint}',
  'fallback spares': 'fallback spares {fault} in {endpoint}',
} as const;

/** More callers than an upstream may have at once, callers one after another, and many that fail together. */
const MANY_CALLERS = {
  crowd: 'crowd at {upstream}',
  'failing crowd': 'failing crowd at {upstream}',
  'crowd after failures': 'crowd at {upstream} after failures',
  'crowd of streams': 'crowd of streams at {upstream}',
  'one after another': 'one after another at {upstream}',
  volley: 'volley {round} at {upstream} in {endpoint}',
  'abuse beside': 'abuse {variant}',
  'at once': 'at once: {endpoint}',
  'failing at once': 'failing at once: {endpoint}',
  unserved: '{variant} requests to {endpoint}',
  'crowd of clients': 'crowd of clients: {endpoint}',
  volleys: 'volleys: {endpoint}',
  'after trouble': 'after trouble: {endpoint}',
  'at once again': 'at once again: {endpoint}',
} as const;

/** Callers press against the quota of an upstream, or the upstream tells the service to wait. */
const QUOTA = {
  'told to wait': 'told to wait by {upstream}: {fault}',
  'beyond the quota': 'beyond the quota of {upstream}',
  'beyond the quota of tokens': 'beyond the quota of tokens of {upstream}',
} as const;

/** Calls use up a budget. Each phase has the calls of one caller. */
const BUDGETS = {
  'calls in budget': 'calls in budget {budget}: {endpoint}',
  'refused in budget': '{variant} requests in budget {budget}: {endpoint}',
  'failing in budget': 'failing calls in budget {budget}: {endpoint}',
  'repeated in budget': 'calls whose first upstream fails in budget {budget}: {endpoint}',
  'left in budget': 'callers leave streams in budget {budget}: {endpoint}',
  'crowd in budget': 'crowd in budget {budget}',
  'rest of budget': 'calls until budget {budget} is used up',
  'budget used up': 'budget {budget} is used up',
  'budget of another': 'another caller in budget {budget}',
  'budget restarted': 'restarted by {signal} with budget {budget} used up',
  'budget before its end': 'before budget {budget} begins anew',
  'budget begun anew': 'budget {budget} has begun anew',
} as const;

/** Many callers get answers at once: in pieces, to the same question, while others leave, fail, read or find them cached. */
const ANSWERS = {
  'pieces alone': 'an answer in pieces, alone: {endpoint}',
  'split answers': 'answers in pieces: {endpoint}',
  'slow readers': 'slow readers of a long stream of {upstream} in {endpoint}',
  'same question': 'same question of several callers: {endpoint}',
  'left in an answer': 'left in an answer: {endpoint}',
  'failing now and then': 'failing now and then: {endpoint}',
  'stored answers': 'stored answers of several callers: {endpoint}',
  'cached answers': 'cached answers: {endpoint}',
  'cached for another': 'cached for another caller: {endpoint}',
} as const;

/** A model calls tools, whose effects are counted. Calls are good, broken or in parallel, or a tool fails. */
const TOOLS = {
  'tools act': 'tools act: {endpoint} with {upstream}',
  'parallel tool calls': 'parallel tool calls: {endpoint} with {upstream}',
  'tool calls crossed': 'parallel tool calls, crossed: {endpoint} with {upstream}',
  'broken tool calls': 'broken tool calls ({fault}): {tool} in {endpoint} with {upstream}',
  'tool fails': '{tool} fails ({fault}) in {endpoint} with {upstream}',
  'tool loop': 'tool calls without end: {endpoint} with {upstream}',
} as const;

/** The database or the service is broken, or the connection pool is exhausted. */
const DATABASE = {
  locked: 'locked',
  'locked again': 'locked again {round}',
  'connections lost': 'connections lost',
  'upstreams fail': 'upstreams fail',
  abandoned: 'abandoned',
  'neighbour leaves few': 'neighbour leaves few',
  'neighbour leaves none': 'neighbour leaves none',
  'neighbour has left': 'neighbour has left',
  'slow upstream': 'slow {upstream} in {endpoint}',
  'database outage': 'outage {fault}',
  'written until a crash': 'written until the database crashes',
} as const;

/** The service starts or ends. */
const START_AND_END = {
  'lost replies': 'lost replies',
  terminated: 'terminated by {signal}',
  'calls hang at SIGTERM': 'calls hang at SIGTERM',
  'calls and streams hang at SIGTERM': 'calls and streams hang at SIGTERM',
  'streams at SIGTERM': 'streams at SIGTERM',
  start: 'start: {settings}',
} as const;

/** The service is stopped for a moment while calls are in progress. */
const FREEZE = {
  'held for a freeze': 'held for a freeze: {endpoint} at {upstream}',
  frozen: 'frozen',
} as const;

/** Load at a fixed rate. */
const UNDER_LOAD = {
  soak: 'soak',
  'calm before': 'calm before',
  spike: 'spike',
  'calm after': 'calm after',
  step: '{rate}/s, attempt {round}',
} as const;

/** The title of each action, which people see. It has the names of the action's fields in braces. */
export const TITLES = {
  ...HEALTHY,
  ...OUTAGE,
  ...BREAKERS,
  ...ONE_FAILING_CALL,
  ...LEAVING_CALLERS,
  ...ACCEPTED_WORK,
  ...FALLBACK,
  ...MANY_CALLERS,
  ...QUOTA,
  ...BUDGETS,
  ...ANSWERS,
  ...TOOLS,
  ...DATABASE,
  ...START_AND_END,
  ...FREEZE,
  ...UNDER_LOAD,
} as const;

/** The purpose of a phase that belongs to an earlier one. */
export const WHENS = [
  'after',
  'failed after',
  'recovery from',
  'half-open after',
  'closed after',
  'trial beside',
] as const;

type FieldsIn<Title extends string> = Title extends `${string}{${infer Field}}${infer Rest}`
  ? Field | FieldsIn<Rest>
  : never;

/** The activity of a script in a phase. */
export type ActionName = keyof typeof TITLES;
export type When = (typeof WHENS)[number];

/** A phase in which a script does something, with the action's fields. */
export type ActionPhase<Name extends ActionName = ActionName> = Name extends ActionName
  ? {
      readonly action: Name;
      /** The phases that brought its breakers into a known state, by ID. */
      readonly primed?: readonly number[];
    } & Pick<PhaseFields, FieldsIn<(typeof TITLES)[Name]> & keyof PhaseFields>
  : never;

/** A phase that belongs to an earlier one. */
export interface RelatedPhase<Name extends When = When> {
  readonly when: Name;
  /** The earlier phase's ID. */
  readonly of: number;
}

/** A phase of a team's own scenario: its name, and any other fields. */
export interface OwnPhase {
  readonly own: string;
  readonly [field: string]: string | number;
}

/** An action that a script will begin, before any ID is known. */
export type PlannedAction<Name extends ActionName = ActionName> = Name extends ActionName
  ? Omit<ActionPhase<Name>, 'primed'>
  : never;

/** A phase that a script will begin. */
export type PlannedPhase = PlannedAction | OwnPhase;

/** The data that a script sends to the lab when a phase begins. */
export type PhaseData = ActionPhase | RelatedPhase | OwnPhase;

/** A phase that has begun. The lab assigns its ID, and requests are tagged with it. */
export type Begun<Data extends PhaseData = PhaseData> = Data & { readonly id: number };

/** A phase's ID as the value of a tag. */
export type PhaseTag = string & { readonly of: 'phase' };

/** Returns the value of the tag `phase` for a phase's requests. */
export const phaseTag = ({ id }: { readonly id: number }): PhaseTag => String(id) as PhaseTag;

/** Returns the names of an action's fields, in the order of its title. */
export const fieldsOf = (action: ActionName): (keyof PhaseFields)[] =>
  [...TITLES[action].matchAll(/\{(\w+)\}/g)].map(([, field]) => field as keyof PhaseFields);

/** Returns a phase's title for people. `titleOf` gives the title of an earlier phase. No logic may depend on it. */
export function titleOfPhase(data: PhaseData, titleOf: (id: number) => string): string {
  if ('own' in data) {
    const fields = Object.entries(data).filter(([name]) => name !== 'own');
    return [`own: ${data.own}`, ...fields.map(([name, value]) => `${name} ${value}`)].join(', ');
  }
  if ('when' in data) return `${data.when} ${titleOf(data.of)}`;
  const values: Record<string, unknown> = data;
  return TITLES[data.action].replaceAll(/\{(\w+)\}/g, (_, field: string) => [values[field]].flat().join(', '));
}

/** Returns the IDs of the earlier phases that a phase refers to. */
export function earlierPhases(data: PhaseData): readonly number[] {
  if ('own' in data) return [];
  return 'when' in data ? [data.of] : (data.primed ?? []);
}
