import { entryOf } from '../../base/entry-of.ts';
import { count } from '../../base/in-words.ts';
import { answeredBy } from '../../contract/schema/answers.ts';
import { answeredIn, type Got, isServed, placeOf } from './got.ts';
import { promisedOf, type Seen } from './seen.ts';

/** Maximum number of endpoints and places to list. */
const SHOWN = 10;

/** Names what was not judged, and the line of the contract that promises it. */
export function notJudged(seen: Seen): string[] {
  return [...withoutWords(seen), ...onlyByTime(seen), ...ofUnknown(seen), ...unread(seen)].map(
    (text) => `not judged: ${text}`,
  );
}

/** Endpoints whose upstreams answered with words of which nothing was seen. */
function withoutWords({ history, facts, responses }: Seen): string[] {
  const { endpoints } = facts.contract;
  const answering = new Set(answeredIn(history).map(({ upstream }) => upstream));
  const showing = new Set(responses.map(({ endpoint }) => endpoint));
  const served = history.all('request').filter((call) => isServed(facts, { call, endpoint: call.tags.endpoint ?? '' }));
  const called = new Set(served.map(({ tags: { endpoint = '' } }) => endpoint));
  const silent = [...called].filter((endpoint) => {
    const described = entryOf(endpoints, endpoint);
    return (
      described !== undefined &&
      described.answers?.as !== 'none' &&
      !showing.has(endpoint) &&
      answeredBy(described).some((upstream) => answering.has(upstream))
    );
  });
  return silent.slice(0, SHOWN).map((endpoint) => {
    const from = answeredBy(entryOf(endpoints, endpoint) ?? { reaches: [] }).filter((upstream) =>
      answering.has(upstream),
    );
    const line = `endpoints.${endpoint}.answers: { from: [${from.join(', ')}], as: none }`;
    return `${endpoint} shows no word of an answer; \`${line}\` says that it never does`;
  });
}

/** Endpoints whose simultaneous callers can't be told apart: any of them may get the answer of another one. */
function onlyByTime({ responses, belongings }: Seen): string[] {
  const unclear = new Set<string>();
  let before: Got | undefined;
  for (const got of responses) {
    const { receipts, isCertain } = belongings.requestsOf(got);
    const isTogether = before !== undefined && before.call.at + before.call.ms > got.call.at;
    if (isTogether && receipts.length > 1 && !isCertain) unclear.add(got.endpoint);
    if (before === undefined || got.call.at + got.call.ms > before.call.at + before.call.ms) before = got;
  }
  return [...unclear].map(
    (endpoint) =>
      `whose of the simultaneous calls of ${endpoint} an answer is: put \${unique} into a text that reaches the upstream, or pass on traceparent`,
  );
}

/** Names the places that show a part of an answer: it is not known which of its words belong there. */
export function onlyInPart({ facts, learned }: Seen): string[] {
  const parts = [...learned].flatMap(([endpoint, { places }]) =>
    promisedOf(facts, endpoint)?.as !== undefined
      ? []
      : [...places].flatMap(([path, { isWhole }]) =>
          isWhole
            ? []
            : [`words that are missing in ${placeOf({ path })} of ${endpoint}, which shows only a part of an answer`],
        ),
  );
  return parts.slice(0, SHOWN).map((text) => `not judged: ${text}`);
}

/** Words whose calls are not known. */
function ofUnknown({ responses, belongings }: Seen): string[] {
  const reasons = responses.flatMap((got) =>
    got.parts.flatMap(({ words }) =>
      [...new Set(words.map(({ receipt }) => receipt))].flatMap((receipt) => {
        const belonging = belongings.of(got, receipt);
        return belonging.is === 'unknown' ? [`words of another answer in ${got.endpoint}: ${belonging.why}`] : [];
      }),
    ),
  );
  return [...Map.groupBy(reasons, (reason) => reason)]
    .slice(0, SHOWN)
    .map(([reason, { length }]) => `${reason} (${count(length, 'time')})`);
}

/** Responses that were not searched. */
function unread({ facts, responses }: Seen): string[] {
  const long = responses.filter((got) => got.answer.unread && isServed(facts, got));
  const endpoints = [...new Set(long.map(({ endpoint }) => endpoint))];
  return long.length === 0
    ? []
    : [`${count(long.length, 'response')} of ${endpoints.join(', ')} with more than 0.9 MB`];
}
