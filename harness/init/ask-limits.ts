import type { ContractFile } from '../contract/contract.ts';
import { numberSetting, oneOf, optional, orNone, settings, text } from './answers.ts';
import type { AuthenticationFile } from './ask-authentication.ts';
import type { Endpoint } from './ask-endpoints.ts';
import { prefixOf } from './found/operations.ts';
import type { Ask, Interviewer } from './question.ts';
import { noLimit, shortLimit } from './short-numbers.ts';

const WINDOWS = ['first-request', 'clock', 'sliding', 'weighted', 'token-bucket'] as const;

export type Client = NonNullable<ContractFile['client']>;
type Numbers = NonNullable<ContractFile['profiles'][string]['limits']>;

/** The rate limits of the endpoints. */
export interface Limits {
  /** The numbers as the service has them, by the name of the endpoint. */
  counted: Numbers;
  /** The shorter numbers for the profile `fast`, and the settings with which the service has them. */
  fast: { counted: Numbers; environment: Record<string, string> };
  window: (typeof WINDOWS)[number];
  client: Client;
  /** The settings that disable the limits. */
  off?: Record<string, string> | undefined;
}

const limit = text
  .regex(/^[1-9]\d* per \d+(\.\d+)? seconds$/, 'as "20 per 60 seconds"')
  .transform((entered) => {
    const [max, , windowSeconds] = entered.split(' ').map(Number);
    return { max: max ?? 0, windowSeconds: windowSeconds ?? 0 };
  })
  .refine(({ windowSeconds }) => windowSeconds > 0, 'as "20 per 60 seconds"');

interface LimitsOptions {
  isRunning: boolean;
  authentication: AuthenticationFile | undefined;
  endpoints: Readonly<Record<string, Endpoint>>;
}

/** Asks about the rate limits and how clients are identified. Returns undefined if there is no limit. */
export async function askLimits(interviewer: Interviewer, options: LimitsOptions): Promise<Limits | undefined> {
  const limits = {
    off: {} as Record<string, string>,
    counted: {} as Numbers,
    fast: { counted: {} as Numbers, environment: {} as Record<string, string> },
  };
  const common: { window?: Limits['window']; client?: Client | 'all' } = {};
  for (const [index, [name, { method, path }]] of Object.entries(options.endpoints).entries()) {
    const title = `the rate limit of ${method} ${path}`;
    await interviewer.orLeaveOut(title, async () => {
      const found = await askLimit(interviewer, {
        name,
        title,
        isFirst: index === 0,
        others: Object.keys(limits.counted),
      });
      const unsaid = interviewer.find(`${prefixOf(name)}limitUnsaid`);
      if (!found && unsaid !== undefined) interviewer.tell(`Left out: ${title}: ${unsaid}.`);
      if (!found) return;
      common.client ??= await askClient(interviewer.ask, options.authentication);
      common.window ??= await askWindow(interviewer.ask);
      const shared = {
        ...(found.shares.length > 0 && { sharedWith: found.shares }),
        ...(common.client === 'all' && { clients: 'together' as const }),
      };
      const { environment, ...fast } = found.fast;
      limits.counted[name] = { ...found.usual, ...shared };
      limits.fast.counted[name] = { ...fast, ...shared };
      Object.assign(limits.fast.environment, environment);
      Object.assign(limits.off, found.off);
      for (const other of found.shares) share(limits, other, name);
    });
  }
  const { window, client } = common;
  if (window === undefined || client === undefined || Object.keys(limits.counted).length === 0) return undefined;
  const off = options.isRunning ? undefined : await askOff(interviewer, limits.off);
  return { ...limits, window, client: client === 'all' ? 'socket' : client, off };
}

/** Notes that another limit counts the same requests, too. */
function share({ counted, fast }: Pick<Limits, 'counted' | 'fast'>, other: string, name: string): void {
  for (const numbers of [counted, fast.counted]) {
    const limited = numbers[other];
    if (limited) numbers[other] = { ...limited, sharedWith: [...(limited.sharedWith ?? []), name] };
  }
}

interface Limited {
  name: string;
  title: string;
  isFirst: boolean;
  /** The endpoints with limits before it. */
  others: readonly string[];
}

async function askLimit({ ask, group }: Interviewer, { name, title, isFirst, others }: Limited) {
  const prefix = prefixOf(name);
  await group(title.replace('the rate', 'Rate'), {
    [`${prefix}limit`]: 'requests per client',
    [`${prefix}limitShares`]: 'the same limit as of',
    [`${prefix}maxSetting`]: 'number in',
    [`${prefix}windowSetting`]: 'seconds in',
    ...(others.length === 0 && { client: 'client', window: 'window' }),
  });
  const usual = await ask({
    name: `${prefix}limit`,
    ask: `What is ${title} for one client, such as "20 per 60 seconds", or none?`,
    ...optional(limit),
    isRare: !isFirst,
  });
  if (!usual) return undefined;
  const shares = await ask({
    name: `${prefix}limitShares`,
    ask: `Which other endpoints count toward the same limit: ${others.join(' ')}, or none?`,
    ...optional(text),
    isRare: true,
  });
  const max = await ask({
    name: `${prefix}maxSetting`,
    ask: 'Which environment variable sets the number of requests, or none? Tests then use fewer',
    ...optional(numberSetting),
    isRare: usual.max <= 20 && usual.windowSeconds <= 2,
  });
  const window =
    max?.unit === 'text'
      ? undefined
      : await ask({
          name: `${prefix}windowSetting`,
          ask: 'Which one sets the length of the window, such as WINDOW_MS or "WINDOW s", or none? Tests then use a shorter one',
          ...optional(numberSetting),
          isRare: usual.windowSeconds <= 2,
        });
  const known = (shares ?? '').split(/[\s,]+/).filter((other) => others.includes(other));
  return { usual, fast: shortLimit(usual, { max, window }), shares: known, off: max && { [max.name]: noLimit(max) } };
}

const askWindow = (ask: Ask): Promise<Limits['window']> =>
  ask({
    name: 'window',
    ask: 'When does a window start: first-request (of a client), clock (at multiples of its length), sliding, weighted, or never (token-bucket)?',
    usual: 'first-request',
    answer: oneOf(WINDOWS),
  });

/** Asks how to switch the limits off, unless their numbers can be set so high that no client reaches them. */
async function askOff(
  { ask, tell }: Interviewer,
  high: Record<string, string>,
): Promise<Record<string, string> | undefined> {
  const usual = Object.entries(high).map((setting) => setting.join('='));
  const off = await ask({
    name: 'noLimits',
    ask: 'Which settings switch the limit off, as NAME=value, or none? Scenarios that send many requests need this',
    usual: usual.length === 0 ? 'none' : usual.join(' '),
    answer: orNone(settings),
    isRare: usual.length > 0,
  });
  if (!off)
    tell(
      'Most scenarios are skipped if no setting switches the limit off: let the service read its number from a variable.',
    );
  return off;
}

function askClient(ask: Ask, authentication: AuthenticationFile | undefined): Promise<Client | 'all'> {
  const kind = authentication?.kind;
  const words = [
    'socket',
    'all',
    ...(kind === 'bearer' || kind === 'api-key' ? ['key'] : []),
    ...(kind === undefined || (authentication && 'user' in authentication) ? [] : ['user']),
  ];
  const allowed = `${words.join(', ')}, "forwarded 1" (the last entry of X-Forwarded-For) or "header X-Tenant"`;
  return ask({
    name: 'client',
    ask: `How does it identify clients (socket: by their address; all: one limit for all clients): ${allowed}?`,
    answer: text
      .regex(/^(forwarded [1-9]\d*( [\w-]+)?|header [\w-]+|\w+)$/, `one of ${allowed}`)
      .refine((entered) => entered.includes(' ') || words.includes(entered), `one of ${allowed}`)
      .transform(clientOf),
  });
}

function clientOf(answer: string): Client | 'all' {
  const [kind = '', value = '', header] = answer.split(' ');
  if (kind === 'forwarded') return { forwarded: { hop: Number(value), ...(header !== undefined && { header }) } };
  return kind === 'header' ? { header: value } : (kind as 'socket' | 'key' | 'user' | 'all');
}
