import { count } from '../base/in-words.ts';
import type { Facts } from '../checkers/lib/checker.ts';
import { reachedDuring } from '../checkers/lib/reached-during.ts';
import type { MetricSample, RequestReceipt } from '../history/events.ts';
import { type History, hasTags } from '../history/history.ts';
import type { Change, Finding } from '../verdict/finding.ts';

/** The metric to which scripts add errors in bodies that the contract does not describe (scenarios/lib/read-meaning.ts). */
const ERRORS = 'error_in_answer';

/** The status of requests that a limit refuses. */
const LIMITED = 429;

/**
 * Returns the likely cause if responses that a check judged report an error in their body which the contract does not
 * describe: nothing else about them can be judged. Returns undefined if there are none.
 */
export function undescribedErrors(
  history: History,
  facts: Facts,
  { requests = [], verdict }: Finding,
): Pick<Finding, 'usually' | 'changes'> | undefined {
  const errors = history.metric(ERRORS).filter(({ tags }) => requests.some((wanted) => hasTags(tags, wanted)));
  const error = errors.find((sample) => refusalOf(sample, history, facts) !== undefined) ?? errors[0];
  const name = error?.tags.endpoint;
  const endpoint = facts.contract.endpoints[name ?? ''];
  if (!error || name === undefined || !endpoint || isUsual(history, name)) return undefined;
  const own = errors.filter(({ tags }) => tags.endpoint === name);
  const { errorField: field = '' } = error.tags;
  const refusal = refusalOf(error, history, facts);
  const isRefusal = refusal !== undefined && !endpoint.meanings?.some(({ means }) => means === refusal);
  const refused = isRefusal ? `refused: { ${refusal}: ${conditionOf(error)} }` : '';
  const seen = `${count(own.length, 'response')} of "${name}" ${own.length === 1 ? 'has' : 'have'} status ${error.tags.wire} and ${codes(own)} in the body`;
  const passedOn = whyPassedOn(history, facts, own);
  if (passedOn !== undefined) return verdict === 'PASS' ? undefined : { usually: `${seen}: ${passedOn}` };
  if (!endpoint.meanings) {
    const condition = { status: Number(error.tags.wire), without: field };
    const others = endpoint.served.filter((status) => status !== condition.status);
    const value = others.length === 0 ? condition : [condition, ...others];
    const changes: Change[] = [{ path: ['endpoints', name, 'served'], value }];
    if (verdict === 'PASS') return { changes };
    const also = isRefusal ? `, and for refusals ${refused}` : '';
    const line =
      others.length === 0
        ? `served: { status: ${error.tags.wire}, without: ${field} }`
        : `served: ${JSON.stringify(value)}`;
    return {
      usually: `${seen}, and the contract takes them for served. Write endpoints.${name}.${line}${also}.`,
      changes,
    };
  }
  if (!isRefusal || verdict === 'PASS') return undefined;
  return { usually: `${seen}. If this is how the service refuses requests, write endpoints.${name}.${refused}.` };
}

/**
 * Returns the cause if each error has the status with which an upstream of the endpoint answered meanwhile as its code: it
 * is the upstream's error, and says nothing about how the service reports its own.
 */
function whyPassedOn(history: History, { contract }: Facts, errors: readonly MetricSample[]): string | undefined {
  const upstreams = contract.endpoints[errors[0]?.tags.endpoint ?? '']?.reaches ?? [];
  const sources = errors.map(({ tags: { endpoint = '', errorCode, phase } }) => {
    const calls = history.requests({ endpoint }).filter(({ tags }) => tags.phase === phase);
    const isSame = ({ status }: RequestReceipt) => (status ?? 0) >= 400 && String(status) === errorCode;
    return upstreams.find((upstream) => reachedDuring(history, upstream, calls).some(isSame));
  });
  const [upstream] = sources;
  if (upstream === undefined || sources.includes(undefined)) return undefined;
  return `that is the answer of ${upstream}, passed on as a success. The service takes a failed response for a good one: check its status, and count it as a failure.`;
}

/** Whether all responses of an endpoint have such a field. Then it may say something else than that a request failed. */
const isUsual = (history: History, endpoint: string): boolean =>
  history.requests({ endpoint }).length <= history.metric(ERRORS, { endpoint }).length;

/**
 * Returns the status with which the contract says that such a request is refused, if it may be a refusal. The error of an
 * open breaker is another one than those of the failed calls before it opened.
 */
function refusalOf(
  { tags }: MetricSample,
  history: History,
  { contract, numbers, breaker }: Facts,
): number | undefined {
  if (tags.limit !== undefined) return LIMITED;
  const isIn = (...phases: readonly { tag: string }[]) => phases.some(({ tag }) => tag === tags.phase);
  if (isIn(...history.phases('at once'), ...history.phases('at once again'))) {
    return numbers.requestsInProgress[tags.endpoint ?? '']?.refusal;
  }
  const failures = history.metricIn(ERRORS, history.phases('opening')).map((failed) => failed.tags.errorCode);
  const isNew = tags.errorCode !== undefined && !failures.includes(tags.errorCode);
  const open = [...history.phases('open'), ...history.phases('open, elsewhere')];
  return isNew && isIn(...open) ? contract.breakers[breaker ?? '']?.refusal : undefined;
}

/** Returns the condition that describes an error, as in a contract. */
function conditionOf({ tags }: MetricSample): string {
  const { wire: status, errorField, errorCodeAt, errorCode = '' } = tags;
  if (errorCodeAt === undefined) return `{ status: ${status}, has: ${errorField} }`;
  const code = Number.isFinite(Number(errorCode)) ? errorCode : JSON.stringify(errorCode);
  return `{ status: ${status}, has: "${errorCodeAt}", equals: ${code} }`;
}

/** Returns the fields with errors, with their codes: "errors (codes BUSY, LATE)". */
function codes(errors: readonly MetricSample[]): string {
  const all = [...new Set(errors.flatMap(({ tags }) => tags.errorCode ?? []))];
  const fields = [...new Set(errors.map(({ tags }) => `"${tags.errorField}"`))].join(' and ');
  return all.length === 0 ? fields : `${fields} (code ${all.slice(0, 3).join(', ')})`;
}
