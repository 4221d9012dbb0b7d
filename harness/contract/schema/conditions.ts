import { z } from 'zod';
import { name } from '../../../faults/base/name.ts';
import { environment } from './numbers.ts';

/** The conditions that the scenarios of this package require, with the settings that establish them. */
const KNOWN: Readonly<Record<string, string>> = {
  'no-rate-limits': 'settings that disable rate limits, for every scenario that sends more requests than they allow',
  'shared-limit-store':
    'settings that make several processes count in a shared store, such as ${postgres}, for `stress/replicas`',
  'small-budgets':
    'settings with which the budgets have the numbers of the contract, for `stress/budgets`, because they would refuse the ' +
    'calls of other scenarios; default: they always have',
  'shared-budget-store':
    'settings with which several processes share their budgets, for `stress/budgets`; default: one process is judged',
  'day-ends':
    'settings that move the clock of the service, or the end of its day, so that a day of its budgets ends soon, for ' +
    '`stress/budget-day`: ${day.offset} is what to add to the clock, in seconds, and ${day.ends} the time of day at which the ' +
    'day ends by the real clock, in UTC, such as 16:59:20',
  'no-breakers': 'settings that disable the breakers, for `chaos/breaker-benefit`',
  'long-calls':
    'settings that allow an upstream call to take longer than the recovery timeout, for `chaos/late-results`',
  'count-429': 'settings that make a 429 of an upstream count as a failure, for the scenario of that name',
  'ignore-429': 'settings that make a breaker ignore a 429 of its upstream, for the scenario of that name',
  'background-work':
    'settings with which the service finishes accepted work, for `chaos/accepted-work`; default: it does so by default',
  'small-quotas':
    'settings with which the service has the quotas that `upstreams.NAME.quota` promises, small and in a short window, for ' +
    '`chaos/quota`, so that other scenarios are not refused; default: it always has them',
  'unverified-upstreams':
    'settings for development that turn the verification of upstream certificates off. With a self-signed ' +
    'certificate, or one of an unknown CA, calls must then be served. If they must not work in production, say so in ' +
    '`refusedStarts`',
  'verified-database':
    'settings that make the service verify the certificate of the database, for `chaos/database-impostor`: ' +
    '${postgres.tls} is a URL with sslmode=verify-full and sslrootcert, and ${postgres.ca} the path of the CA certificate',
};

const settings = { type: 'object', additionalProperties: { type: 'string' } };

export const conditions = z
  .record(name, environment)
  .default({})
  .describe(
    'settings that scenarios may require, by the name of the condition. A scenario starts the service with them in ' +
      'addition to `environment`, and is skipped if the contract does not have the condition',
  )
  .meta({
    properties: Object.fromEntries(
      Object.entries(KNOWN).map(([condition, description]) => [condition, { ...settings, description }]),
    ),
  });
