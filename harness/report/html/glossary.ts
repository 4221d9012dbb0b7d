import { type Markup, markup } from '../text/markup.ts';

/** What a reader meets who has not read the documents. */
const WORDS = {
  served: 'answered with a status that the contract calls so for the endpoint; of some, 404 is one',
  upstream: 'what the service calls, by its name in the contract (groq); the breaker before it has another (llm)',
  trial: 'the call that a half-open breaker lets through, to see whether its upstream is back',
  'open, half-open, closed': 'a breaker that refuses calls, tries one, lets all through',
  phase: "a part of the scenario's script; its name tells what the script does, not what a breaker's state is",
  receipt: 'what a fake upstream or the database itself wrote down of a request that reached it',
  'fault (next 2)': 'one for the next two requests; “fault of groq (2)” is a second one at the same time',
  'p50, p99': 'half, or 99 of 100, of the requests of that piece of time were answered within it',
  threshold: "a bound of the k6 script's own, such as count==1",
  seed: "what client addresses are chosen by; each scenario's own is in its command",
};

/** The words of a report that are not everybody's. */
export const glossary = (): Markup =>
  markup`<details class="more"><summary>Words in this report</summary>
<dl class="environment">${Object.entries(WORDS).map(
    ([word, meaning]) => markup`<div><dt class="label">${word}</dt><dd>${meaning}</dd></div>`,
  )}</dl></details>`;
