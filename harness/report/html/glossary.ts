import { type Markup, markup } from '../text/markup.ts';

/** Terms that readers may not know. */
const WORDS = {
  served: 'answered with a status that the contract lists as served for this endpoint, which can include 404',
  upstream: 'a provider that the service calls, by its name in the contract (groq); its breaker has another name (llm)',
  trial: 'the call that a half-open breaker lets through to find out whether its upstream works again',
  'open, half-open, closed':
    'states of a breaker: it refuses calls, lets one trial call through, lets all calls through',
  phase: "a part of the scenario's script; it is named after the action of the script, not after a breaker's state",
  receipt: 'a record, made by a fake upstream or the database proxy, of a request that reached it',
  'fault (next 2)': 'a fault for the next two requests; “fault of groq (2)” is a second fault at the same time',
  'p50, p99': 'percentiles: 50 % or 99 % of the requests in this interval took at most this long',
  threshold: 'a limit that the k6 script itself sets, such as count==1',
  seed: 'the number from which client addresses are derived; the command of each scenario contains its seed',
};

/** Explains the terms used in a report. */
export const glossary = (): Markup =>
  markup`<details class="more"><summary>Terms in this report</summary>
<dl class="environment">${Object.entries(WORDS).map(
    ([word, meaning]) => markup`<div><dt class="label">${word}</dt><dd>${meaning}</dd></div>`,
  )}</dl></details>`;
