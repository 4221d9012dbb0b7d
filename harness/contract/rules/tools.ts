import { isHttp } from '../is-http.ts';
import { isModel } from '../model-of.ts';
import { usesPostgres } from '../uses-postgres.ts';
import { missing, type Rule, rule } from './rule.ts';
import { isStarted, undeclared } from './upstreams.ts';

/** Finds tools whose effects can't be seen, and endpoints whose models can't call tools. */
export const toolRules: readonly Rule[] = [
  rule({
    at: 'tools.*',
    when: ({ value: { upstream, table } }) => (upstream === undefined) === (table === undefined),
    message: 'needs either `upstream` or `table`',
  }),
  rule({
    at: 'tools.*',
    when: ({ value: { upstream, effect } }) => (upstream === undefined) !== (effect === undefined),
    message: ({ value: { upstream } }) =>
      upstream === undefined ? '`effect` needs `upstream`' : 'needs `effect`, such as POST /orders',
  }),
  rule({
    at: 'tools.*.key',
    when: ({ entry }) => entry.upstream === undefined,
    message: 'needs `upstream`; the rows of a table are counted',
  }),
  rule({
    at: 'tools.*.arguments',
    when: ({ value }) => !JSON.stringify(Object.values(value)).includes('${unique}'),
    message: 'must contain ${unique}, so that each call can be told from others',
  }),
  rule({
    at: 'tools.*.upstream',
    when: isStarted,
    message: ({ value, contract }) =>
      undeclared(value, contract.upstreams) ??
      (isHttp(contract, value) ? undefined : `"${value}" is not an HTTP upstream`),
  }),
  rule({
    at: 'tools.*.table',
    when: ({ contract }) => !usesPostgres(contract),
    message: 'the lab starts no database; use ${postgres} in a setting of the service',
  }),
  rule({ at: 'endpoints.*.tools.*', message: ({ value, contract }) => missing(value, contract.tools ?? {}) }),
  rule({
    at: 'endpoints.*.tools',
    when: ({ entry, contract }) =>
      isStarted({ contract }) && !entry.reaches.some((name) => isModel(contract.upstreams[name])),
    message: 'it reaches no fake of an LLM; list one in `reaches`, such as { kind: openai }',
  }),
  rule({
    at: 'endpoints.*.rounds',
    when: ({ entry }) => entry.tools === undefined,
    message: 'needs the tools that the model can call; add `tools`',
  }),
];
