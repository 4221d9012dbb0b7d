import type { AnswerName } from './answers.ts';

/** A question of `proofload init`. */
export interface Question {
  name: AnswerName;
  ask: string;
  usual: string;
  /** Asked only where this other question was answered with something. */
  where?: AnswerName;
  /** Asked only where this other question was answered with nothing. */
  unless?: AnswerName;
}

/** All questions, in their order; "empty" means that the service has nothing of the kind. */
export const questions = (folder: string): Question[] => [
  { name: 'name', ask: 'What is the service called?', usual: folder },
  {
    name: 'running',
    ask: 'Where does it run already, as http://127.0.0.1:8000? (empty: proofload starts it)',
    usual: '',
  },
  { name: 'log', ask: 'Which file does it write its log to? (empty: none)', usual: '', where: 'running' },
  { name: 'command', ask: 'Which command starts it?', usual: 'node server.js', unless: 'running' },
  { name: 'readyPath', ask: 'Which path answers 2xx once it is ready?', usual: '/health' },
  { name: 'portSetting', ask: 'Which environment variable tells it its port?', usual: 'PORT', unless: 'running' },
  {
    ...{ name: 'databaseSetting', usual: 'DATABASE_URL', unless: 'running' },
    ask: "Which one is PostgreSQL's URL in? (empty: it has none)",
  },
  {
    ...{ name: 'secretSetting', usual: 'SECRET_KEY', unless: 'running' },
    ask: 'Which one is its secret key in? (empty: none)',
  },
  {
    ...{ name: 'llmSetting', usual: 'GROQ_BASE_URL', unless: 'running' },
    ask: "Which one is the LLM API's base URL in? (empty: none)",
  },
  {
    name: 'llmPath',
    ask: 'What follows the host in that URL? (may be empty)',
    usual: '/openai/v1',
    where: 'llmSetting',
  },
  {
    ...{ name: 'memorySetting', usual: '', unless: 'running' },
    ask: "Which one is the memory API's base URL in? (empty: none)",
  },
  { name: 'endpoint', ask: 'Which endpoint should be tried, as "METHOD /path"?', usual: 'POST /chat' },
  { name: 'body', ask: 'With which JSON body? ("${unique}" is another text each time; empty: none)', usual: '' },
  { name: 'served', ask: 'Which status says that it was served?', usual: '200' },
  {
    ...{ name: 'tokenSetting', usual: '' },
    ask: "Which environment variable holds the key that signs its users' tokens (JWT, HS256)? (empty: it asks for none)",
  },
  {
    ...{ name: 'readEndpoint', where: 'databaseSetting', usual: '' },
    ask: 'Which endpoint reads one table, once a request? (empty: none)',
  },
  { name: 'table', ask: 'Which table is that?', usual: 'items', where: 'readEndpoint' },
  {
    ...{ name: 'ledgerTable', where: 'databaseSetting', usual: '' },
    ask: 'In which table does each request of the endpoint above store a row? (empty: in none)',
  },
  { name: 'ledgerColumn', ask: 'Which column tells whose row it is?', usual: 'id', where: 'ledgerTable' },
  {
    name: 'ledgerKey',
    ask: 'What does it hold of a request? (with "${unique}")',
    usual: '${unique}',
    where: 'ledgerTable',
  },
  { name: 'limit', ask: 'What does it admit of one client? (empty: anything)', usual: '20 per 60 seconds' },
  {
    ...{ name: 'window', where: 'limit', usual: 'first-request' },
    ask: "Where does a window begin? (first-request: a client's own; clock: at full minutes; sliding: anew with each)",
  },
  {
    ...{ name: 'noLimits', where: 'limit', unless: 'running', usual: '' },
    ask: 'Which setting switches that off, as NAME=value? (empty: none)',
  },
  { name: 'threshold', ask: 'After how many failures in a row does a circuit open?', usual: '5', where: 'llmSetting' },
  { name: 'recoverySeconds', ask: 'After how many seconds is there a trial?', usual: '60', where: 'llmSetting' },
  { name: 'poolMax', ask: 'How many connections has its pool?', usual: '10', where: 'readEndpoint' },
  { name: 'poolWaitSeconds', ask: 'How many seconds may a request wait for one?', usual: '2', where: 'readEndpoint' },
];
