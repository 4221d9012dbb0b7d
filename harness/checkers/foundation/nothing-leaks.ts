import { entryOf } from '../../base/entry-of.ts';
import { count } from '../../base/in-words.ts';
import { statusText } from '../../callers/meaning-of.ts';
import { internals } from '../../contract/schema/secrecy.ts';
import type { FilesEvent, LeakEvent, MetricSample, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { ifNothingWrong } from './if-nothing-wrong.ts';

type Allowed = NonNullable<Facts['contract']['secrecy']>['allowed'];

/** Maximum number of places to list. */
const SHOWN = 20;

/**
 * Checks that nothing that the service produces shows a secret, and that its responses show no stack trace and no
 * absolute path, if the contract promises it. The lab searches the log before secrets are removed from it, the text files
 * in the folder of each process (`${folder}`), and the telemetry that it receives (`${otlp}`). Scripts search the
 * responses. A single occurrence is a failure. If several scenarios find the same secret in the same file, the first one
 * of a run reports it.
 */
export const nothingLeaks: BuiltInChecker = {
  name: 'nothing-leaks',
  certain: true,
  usually:
    'An error handler passes the message or the stack of an exception on to the caller, or a logger writes whole headers, URLs or settings.',
  fix: 'Send callers your own error text, and log the exception. Redact headers and URLs before they are logged.',
  cases: ({ contract: { secrecy } }) => (secrecy ? [{ check: INTERNAL, promises: [] }] : []),
  without: 'the contract does not promise `secrecy`',
  judge(history, { contract: { secrecy } }) {
    if (!secrecy) return [];
    const [search] = history.all('search');
    const secrets = search?.secrets ?? [];
    const unsearched = search?.unsearched ?? [];
    const unsearchedNotes =
      unsearched.length === 0 ? [] : [`too short or too common to search for: ${unsearched.join(', ')}`];
    const hidden = { check: 'responses show no secret', expected: `no header or body shows ${secrets.join(', ')}` };
    const internal = {
      check: INTERNAL,
      expected: 'no body shows a stack trace or an absolute path',
    };
    const logged = { check: 'log shows no secret', expected: `no line shows ${[...secrets, TOKENS].join(', ')}` };
    return [
      ...(secrets.length === 0
        ? []
        : inResponses(history, secrecy.allowed, { ...hidden, of: 'secrets', unsearchedNotes })),
      ...inResponses(history, secrecy.allowed, { ...internal, of: 'internals', unsearchedNotes: [] }),
      ...inLog(history, secrecy.allowed, {
        ...logged,
        unsearchedNotes: [...unsearchedNotes, ...unsearchedFiles(history)],
      }),
      ...inFiles(history, secrecy.allowed, { ...logged, check: 'files show no secret', unsearchedNotes }),
      ...inTelemetry(history, secrecy.allowed, { ...logged, check: TELEMETRY, unsearchedNotes }),
    ];
  },
};

/** Returns the promise of a finding, if anything was searched. */
const promised = (number: number) => (number > 0 ? { promises: [['secrecy']] } : {});

const INTERNAL = 'responses show nothing internal';
const TELEMETRY = 'telemetry shows no secret';
const TOKENS = 'a signed token of a caller';

interface Judged {
  check: string;
  expected: string;
  /** Secrets that were not searched for, in one line. */
  unsearchedNotes: readonly string[];
}

function inResponses(history: History, allowed: Allowed, judged: Judged & { of: 'secrets' | 'internals' }): Finding[] {
  const found = history
    .metric('leaks')
    .filter(({ tags: { shows = '' } }) => internals.includes(shows) === (judged.of === 'internals'));
  const leaks = found.filter(
    ({ tags: { endpoint = '', shows = '' } }) => !entryOf(allowed.responses, endpoint)?.includes(shows),
  );
  const answered = history.all('request').filter(({ status }) => status > 0);
  if (leaks.length === 0 && answered.length === 0) {
    const { check, expected } = judged;
    return [{ check, expected, observed: 'there was no response', verdict: ifNothingWrong(history, answered) }];
  }
  const whole = count(answered.length, 'response');
  const missed = leaks.length > 0 ? 0 : unsearchedOf(history, answered);
  const requests = leaks.length === 0 ? {} : { requests: requestsOf(leaks) };
  if (missed === 0) {
    const judgement = conclude(judged, whole, leaks.map(responseOf), found.length - leaks.length);
    return [{ ...judgement, ...requests, ...promised(answered.length) }];
  }
  const evidence = ['the script sends requests without `call` in scenarios/lib/service.ts', ...judged.unsearchedNotes];
  const { check, expected } = judged;
  return [{ check, expected, observed: `${missed} of ${whole} were not searched`, verdict: 'INCONCLUSIVE', evidence }];
}

/** Returns the tags of the requests whose responses show a secret or internals. */
function requestsOf(leaks: readonly MetricSample[]): Record<string, string>[] {
  const tags = leaks.map(({ tags: { endpoint = '', phase } }) => ({ endpoint, ...(phase !== undefined && { phase }) }));
  return [...new Map(tags.map((tag) => [Object.values(tag).join(' '), tag])).values()];
}

/** Counts the responses whose kind was not searched. Redirects that are followed are not visible to scripts. */
function unsearchedOf(history: History, answered: readonly RequestSample[]): number {
  const kinds = new Set(history.metric('responses_searched').map(({ tags }) => `${tags.endpoint} ${tags.status}`));
  const isRedirect = (status: number) => status >= 300 && status < 400;
  return answered.filter(({ status, tags }) => !isRedirect(status) && !kinds.has(`${tags.endpoint} ${status}`)).length;
}

function inLog(history: History, allowed: Allowed, judged: Judged): Finding[] {
  const found = history.all('leak').filter(({ file, of }) => file === undefined && of !== 'telemetry');
  const leaks = found.filter(({ secret }) => !allowed.log.includes(secret));
  const processes = Map.groupBy(
    history.all('count').filter(({ of }) => of === 'log lines'),
    ({ process = 1 }) => process,
  );
  const lines = [...processes.values()].reduce((sum, counts) => sum + Math.max(...counts.map(({ value }) => value)), 0);
  // The log of a service that the lab did not start is not read.
  if (leaks.length === 0 && processes.size === 0) return [];
  const judgement = conclude(judged, count(lines, 'line'), leaks.map(lineOf), found.length - leaks.length);
  return [{ ...judgement, ...promised(lines) }];
}

/** Judges the spans, metrics and logs that the service exported to the lab. The log's exceptions apply to them. */
function inTelemetry(history: History, allowed: Allowed, judged: Judged): Finding[] {
  const found = history.all('leak').filter(({ of }) => of === 'telemetry');
  const leaks = found.filter(({ secret }) => !allowed.log.includes(secret));
  const counts = history.all('count').filter(({ of }) => of === 'exports of telemetry');
  if (counts.length === 0) return [];
  const exports = Math.max(...counts.map(({ value }) => value));
  const judgement = conclude(judged, count(exports, 'export'), leaks.map(lineOf), found.length - leaks.length);
  return [{ ...judgement, ...promised(exports) }];
}

function inFiles(history: History, allowed: Allowed, judged: Judged): Finding[] {
  const found = history.all('leak').filter(({ file }) => file !== undefined);
  const leaks = found.filter(({ secret, file = '' }) => !allowedIn(allowed, file).includes(secret));
  const searches = history.all('files');
  const total = (count: (search: FilesEvent) => number) => searches.reduce((sum, search) => sum + count(search), 0);
  const [files, unread] = [total((search) => search.files), total((search) => search.unread.all)];
  if (leaks.length === 0 && files + unread === 0) return [];
  const whole = `${count(
    total(({ lines }) => lines),
    'line',
  )} in ${count(files, 'file')}`;
  if (leaks.length > 0 || unread === 0) {
    const judgement = conclude(judged, whole, leaks.map(lineOf), found.length - leaks.length);
    return [{ ...judgement, ...promised(files), ...(leaks.length > 0 && { places: placesOf(leaks) }) }];
  }
  const { check, expected, unsearchedNotes } = judged;
  const names = searches.flatMap((search) => search.unread.names);
  const observed = `${count(unread, 'file was', 'files were')} not searched; none of ${whole} does`;
  return [
    { check, expected, observed, verdict: 'INCONCLUSIVE', evidence: [...names.slice(0, SHOWN), ...unsearchedNotes] },
  ];
}

/** Returns which files show which secrets. Names of files may contain the number of a process or a date. */
const placesOf = (leaks: readonly LeakEvent[]): string[] => [
  ...new Set(leaks.map(({ secret, file = '' }) => `${file.replace(/\d+/g, '*')} shows ${secret}`)),
];

/** Returns the names of the secrets that a file may show. */
const allowedIn = ({ files }: Allowed, path: string): string[] =>
  Object.entries(files).flatMap(([pattern, names]) => {
    const parts = pattern.split('*').map((part) => RegExp.escape(part));
    return new RegExp(`^${parts.join('.*')}$`).test(path) ? names : [];
  });

/** Lists the files in the processes' folders that were not searched: binary files, and links to files elsewhere. */
function unsearchedFiles(history: History): string[] {
  const searches = history.all('files');
  const named = (what: string, of: (search: FilesEvent) => FilesEvent['binary']): string[] => {
    const all = searches.reduce((sum, search) => sum + of(search).all, 0);
    const names = new Set(searches.flatMap((search) => of(search).names));
    return all === 0 ? [] : [`not searched: ${count(all, what)}: ${[...names].slice(0, SHOWN).join(', ')}`];
  };
  return [...named('binary file', ({ binary }) => binary), ...named('link out of the folder', ({ links }) => links)];
}

/** A place that shows something, and what it shows. Places with the same text are counted together. */
const responseOf = ({ tags: { endpoint, status, place, shows } }: MetricSample): string =>
  `${endpoint} answered ${statusText(Number(status))} with ${shows} in its ${place === 'body' ? 'body' : `header ${place}`}`;

function lineOf({ secret, of, file, line, process }: LeakEvent): string {
  const nth = process === undefined ? '' : `-${process}`;
  const start = of === 'log' ? '' : ` of start ${of}`;
  if (of === 'telemetry') return `export ${line} of spans, metrics or logs shows ${secret}`;
  const log = of === 'log' ? `service${nth}.log` : `the output${start}`;
  const place = file === undefined ? log : `\${folder}/${file}${start}${nth === '' ? '' : ` of process ${process}`}`;
  return `line ${line} of ${place} shows ${secret}`;
}

function conclude(
  { check, expected, unsearchedNotes }: Judged,
  whole: string,
  places: readonly string[],
  allowed: number,
): Finding {
  const exceptions = allowed === 0 ? [] : [`${count(allowed, 'place')} allowed by the contract`];
  const distinct = [...Map.groupBy(places, (place) => place)].map(([place, { length }]) =>
    length === 1 ? place : `${place}, ${length} times`,
  );
  const [first, ...others] = distinct;
  const evidence = [...others.slice(0, SHOWN), ...exceptions, ...unsearchedNotes];
  const verdict = first === undefined ? 'PASS' : 'FAIL';
  const observed = first ?? `none of ${whole} does`;
  return { check, expected, observed, verdict, ...(evidence.length > 0 && { evidence }) };
}
