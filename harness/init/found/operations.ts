import type { FoundAnswer, Source } from './source.ts';

/** An endpoint that was found. */
export interface Operation {
  /** In upper case. */
  readonly method: string;
  readonly path: string;
  /** Where it was found. */
  readonly from: string;
  /** A body that it accepts, as a user would enter it. */
  readonly body?: string | undefined;
  /** The statuses of success, separated by spaces. */
  readonly served?: string | undefined;
}

/** The name of the endpoint that most scenarios test. */
export const MAIN = 'main';

const HEALTH = /(^|\/)(health|healthz|health-?check|ready|readyz|readiness|live|livez|liveness|status|ping|up)\/?$/i;
/** An endpoint that creates a session is not the one that most scenarios should test, and a document is no endpoint. */
const UNUSUAL =
  /login|logout|token|auth|sign-?(in|up)|register|openapi|swagger|redoc|metrics|favicon|robots\.txt|debug|pprof|(^|\/)docs?(\/|$)|\*/i;
/** An endpoint whose path has one of these words probably calls an LLM. */
const LLM = /chat|complet|ask|answer|message|generat|summar|question|prompt/i;
/** How many endpoints are suggested. */
const MOST = 6;

/** Returns the answers in operations: the path that reports readiness, and the endpoints with their bodies and statuses. */
export function answersInOperations(operations: readonly Operation[]): Source {
  const plain = operations.filter(({ path }) => !/[{*]/.test(path));
  const ready = plain.find(({ method, path }) => method === 'GET' && HEALTH.test(path));
  const tested = testedFirst(plain);
  const others = operations.filter(({ path }) => path.includes('{')).map(({ method, path }) => `${method} ${path}`);
  const parametrised = others.length === 0 ? undefined : { answer: others.join(', '), from: '' };
  return (question, earlier): FoundAnswer | undefined => {
    if (question === 'readyPath') return ready && { answer: ready.path, from: ready.from };
    if (question === 'endpoints') {
      const answer = tested.map(({ method, path }) => `${method} ${path}`).join(', ');
      return answer === '' ? undefined : { answer, from: [...new Set(tested.map(({ from }) => from))].join(', ') };
    }
    if (question === 'untested') return parametrised;
    const [, prefix = '', field] = /^(.*\.)?(body|served|readServed)$/.exec(question) ?? [];
    if (field === undefined) return undefined;
    const wanted = field === 'readServed' ? earlier.readEndpoint : endpointAt(prefix, earlier);
    const found = operations.find(({ method, path }) => `${method} ${path}` === wanted);
    const answer = field === 'body' ? found?.body : found?.served;
    return found && answer !== undefined ? { answer, from: found.from } : undefined;
  };
}

/** Returns the endpoints to test, those that probably do the service's work first. */
function testedFirst(plain: readonly Operation[]): Operation[] {
  const usual = plain.filter(({ path }) => !HEALTH.test(path) && !UNUSUAL.test(path));
  const posts = usual.filter(({ method }) => method === 'POST');
  const reads = usual.filter(({ method, path }) => method === 'GET' && path !== '/');
  const asking = posts.filter(({ path }) => LLM.test(path));
  const ordered = [...asking, ...posts.filter((operation) => !asking.includes(operation)), ...reads];
  return (ordered.length > 0 ? ordered : usual.filter(({ method }) => method === 'GET')).slice(0, MOST);
}

/** Returns the endpoint, such as "POST /chat", to which a question with this prefix belongs. */
export function endpointAt(prefix: string, earlier: Readonly<Record<string, string>>): string | undefined {
  const listed = listedEndpoints(earlier.endpoints ?? '');
  return listed.find(({ name }) => prefixOf(name) === prefix)?.endpoint ?? earlier[`${prefix}endpoint`];
}

/** Returns the endpoints in an answer, with their names in the contract. */
export function listedEndpoints(answer: string): { name: string; endpoint: string }[] {
  const listed: { name: string; endpoint: string }[] = [];
  for (const [index, endpoint] of answer.split(/\s*,\s*/).entries()) {
    const [method = '', path = ''] = endpoint.trim().split(' ');
    const name = endpointName(
      { method, path },
      index,
      listed.map((other) => other.name),
    );
    listed.push({ name, endpoint: endpoint.trim() });
  }
  return listed;
}

/** Returns the beginning of the names of an endpoint's questions. */
export const prefixOf = (name: string): string => (name === MAIN ? '' : `${name}.`);

/**
 * Returns the name of an endpoint in the contract: that of the main one, or the last words of its path.
 *
 * @param index Its position, from 0.
 * @param taken The names of the endpoints before it.
 */
export function endpointName(
  { method, path }: Pick<Operation, 'method' | 'path'>,
  index: number,
  taken: readonly string[],
): string {
  if (index === 0) return MAIN;
  const words = path.split(/[/?]/).filter((part) => /^[\w-]+$/.test(part) && !/^(api|v\d+)$/.test(part));
  const name = words.at(-1) ?? 'root';
  const isFree = (text: string) => ![...taken, 'health', 'login', 'read'].includes(text);
  return [name, `${method.toLowerCase()}-${name}`, words.join('-')].find(isFree) ?? `${name}-${index + 1}`;
}
