import type { Providers } from '../../faults/fakes/provider.ts';
import { providers } from '../../mocks/providers.ts';
import { type AnswerName, upstreamAnswer } from './answers.ts';
import { AUTHENTICATIONS } from './authentications.ts';

/** A question that `proofload init` asks. */
export interface Question {
  name: AnswerName;
  ask: string;
  /** The default answer. */
  usual: string;
  /** Ask only if at least one of these questions has a non-empty answer. */
  ifAny?: readonly AnswerName[];
  /** Ask only if these questions have these answers. */
  ifIs?: Partial<Record<AnswerName, string>>;
  /** Ask only if this question has an empty answer. */
  unless?: AnswerName;
}

/** Returns all questions in order. An empty answer means that the service doesn't have this feature. */
export function questions(folder: string, upstreams: Providers = providers): Question[] {
  const guarded = Object.entries(upstreams)
    .filter(([, { usage }]) => usage.breaker !== undefined)
    .map(([name]) => upstreamAnswer(name, 'setting'));
  return [
    { name: 'name', ask: 'What is the service called?', usual: folder },
    {
      name: 'running',
      ask: 'What is its address, if it is already running, for example http://127.0.0.1:8000? (empty: proofload starts it)',
      usual: '',
    },
    { name: 'log', ask: 'Which file does it write its log to? (empty: none)', usual: '', ifAny: ['running'] },
    { name: 'command', ask: 'Which command starts it?', usual: 'node server.js', unless: 'running' },
    { name: 'readyPath', ask: 'Which path returns 2xx once it is ready?', usual: '/health' },
    { name: 'portSetting', ask: 'Which environment variable sets its port?', usual: 'PORT', unless: 'running' },
    {
      name: 'databaseSetting',
      ask: 'Which environment variable holds the URL of PostgreSQL? (empty: it has no database)',
      usual: 'DATABASE_URL',
      unless: 'running',
    },
    {
      name: 'secretSetting',
      ask: 'Which environment variable holds its secret key? (empty: none)',
      usual: 'SECRET_KEY',
      unless: 'running',
    },
    ...Object.entries(upstreams).flatMap(upstreamQuestions),
    { name: 'endpoint', ask: 'Which endpoint should be tested, as "METHOD /path"?', usual: 'POST /chat' },
    { name: 'body', ask: 'With which JSON body? ("${unique}" is a new text in each request; empty: none)', usual: '' },
    { name: 'served', ask: 'Which status means success?', usual: '200' },
    {
      name: 'authentication',
      ask: `How do requests authenticate: ${AUTHENTICATIONS.join(', ')}? (empty: not at all)`,
      usual: '',
    },
    {
      name: 'keySetting',
      ask: 'Which environment variable holds the key, the list of keys or user:password, or the URL of the keys (RS256, ES256)?',
      usual: 'API_KEYS',
      ifAny: ['authentication'],
    },
    {
      name: 'keyPlace',
      ask: 'Which header has the key? (?name for a parameter of the query)',
      usual: 'X-Api-Key',
      ifIs: { authentication: 'api-key' },
    },
    {
      name: 'logIn',
      ask: 'To which path is the form with username and password sent?',
      usual: '/login',
      ifIs: { authentication: 'login' },
    },
    {
      name: 'session',
      ask: 'What does it hand out, as "cookie NAME" or "token PATH" of its JSON?',
      usual: 'cookie session',
      ifIs: { authentication: 'login' },
    },
    {
      name: 'readEndpoint',
      ask: 'Which endpoint reads one table, once per request? (empty: none)',
      usual: '',
      ifAny: ['databaseSetting'],
    },
    { name: 'table', ask: 'Which table does it read?', usual: 'items', ifAny: ['readEndpoint'] },
    {
      name: 'ledgerTable',
      ask: 'In which table does each request to the tested endpoint store a row? (empty: in none)',
      usual: '',
      ifAny: ['databaseSetting'],
    },
    { name: 'ledgerColumn', ask: 'Which column identifies the request?', usual: 'id', ifAny: ['ledgerTable'] },
    {
      name: 'ledgerKey',
      ask: 'What does that column contain? (with "${unique}", the text from the request)',
      usual: '${unique}',
      ifAny: ['ledgerTable'],
    },
    { name: 'limit', ask: 'What is the rate limit of one client? (empty: none)', usual: '20 per 60 seconds' },
    {
      name: 'client',
      ask: 'What is a client: socket, key, user, "forwarded N" (entry of X-Forwarded-For, 1 is the last), "header NAME"?',
      usual: 'socket',
      ifAny: ['limit'],
    },
    {
      name: 'window',
      ask: 'When does a window start? (first-request: at the first request of a client; clock: at full minutes; sliding)',
      usual: 'first-request',
      ifAny: ['limit'],
    },
    {
      name: 'noLimits',
      ask: 'Which setting switches the limit off, as NAME=value? (empty: none)',
      usual: '',
      ifAny: ['limit'],
      unless: 'running',
    },
    { name: 'threshold', ask: 'How many consecutive failures open the circuit?', usual: '5', ifAny: guarded },
    {
      name: 'recoverySeconds',
      ask: 'After how many seconds does the circuit become half-open?',
      usual: '60',
      ifAny: guarded,
    },
    { name: 'poolMax', ask: 'How many connections does its pool have?', usual: '10', ifAny: ['readEndpoint'] },
    {
      name: 'poolWaitSeconds',
      ask: 'How many seconds may a request wait for a connection?',
      usual: '2',
      ifAny: ['readEndpoint'],
    },
  ];
}

function upstreamQuestions([name, { usage }]: [string, Providers[string]]): Question[] {
  const setting: Question = {
    name: upstreamAnswer(name, 'setting'),
    ask: `Which environment variable holds the base URL of the ${usage.api}? (empty: none)`,
    usual: usage.setting ?? '',
    unless: 'running',
  };
  if (usage.basePath === undefined) return [setting];
  const path: Question = {
    name: upstreamAnswer(name, 'path'),
    ask: 'Which path follows the host in that URL? (may be empty)',
    usual: usage.basePath,
    ifAny: [setting.name],
  };
  return [setting, path];
}
