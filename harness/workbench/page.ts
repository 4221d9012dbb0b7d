import type { FaultKind } from '../../faults/kinds/lib/fault.ts';
import type { Contract } from '../contract/contract.ts';
import { readAssets } from '../report/html/assets.ts';
import { fold } from '../report/html/fold.ts';
import { pageHead } from '../report/html/page-head.ts';
import { Markup, markup } from '../report/text/markup.ts';
import { faultForm } from './fault-form.ts';
import type { ListedScenario } from './listed-scenario.ts';
import { MOST_CLIENTS, MOST_PER_SECOND } from './load-limits.ts';

export interface LabPage {
  contract: Contract;
  profile: string;
  postgres: string;
  /** The fault kinds for each upstream and the database, by name. */
  targets: Readonly<Record<string, readonly FaultKind<never>[]>>;
  scenarios: readonly ListedScenario[];
}

const OWN = {
  styles: ['controls', 'workbench'].map((name) => new URL(`${name}.css`, import.meta.url)),
  script: new URL('browser/lab.js', import.meta.url),
  connects: true,
};

/** Prevents other sites from learning the page's URL, which contains the token. */
const NO_REFERRER = markup`<meta name="referrer" content="no-referrer">
`;

/** Renders the lab's page. It is initially empty and receives everything that it shows through its event stream. */
export async function renderLab({ contract, profile, postgres, targets, scenarios }: LabPage): Promise<string> {
  const assets = await readAssets(OWN);
  const page = markup`<!doctype html>
<html lang="en">
${pageHead('Lab · proofload', assets, NO_REFERRER)}
<body>
<header>
<div><p class="product">proofload lab · profile ${profile} · ${postgres}</p>
<h1><bdi>${contract.name}</bdi></h1></div>
<ul class="now" id="now" aria-label="Current state"></ul>
<p id="notice" role="status"></p>
</header>
<main>
<div class="columns">
<div class="view">
<section aria-labelledby="charts"><h2 id="charts">The last two minutes</h2>
<div class="timeline" id="timeline" role="group" tabindex="0" aria-label="The last two minutes. The arrow keys read values.">
<p class="hint">Seconds before now; shaded: a fault is active. Breaker ▲ opened, ◆ half-open, ● closed. Point or press ← → to read.</p>
<output></output>
<div id="figures"><p class="note">No events yet. Set a load on an endpoint.</p></div>
</div></section>
</div>
<div class="controls">
${section('power', 'Power', power(contract, Object.keys(targets)))}
${section('load', 'Load', load(contract))}
${section('faults', 'Faults', markup`${Object.entries(targets).map(([target, kinds]) => faultsOf(target, kinds))}`)}
${section('scenarios', 'Scenarios', runs(scenarios))}
</div>
<div class="records">
${section('receipts', 'Receipts, newest first', RECEIPTS)}
${section('log', "The service's log", LOG)}
</div>
</div>
</main>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

const section = (id: string, title: string, content: Markup): Markup =>
  markup`<section aria-labelledby="${id}">${fold(id, title, content)}</section>`;

const power = (contract: Contract, targets: readonly string[]): Markup =>
  markup`<ul class="power">${targets.map((target) => powerSwitch(target, contract))}</ul>
<p class="note">Off: every connection is refused. Other faults are under Faults.</p>
<div class="buttons"><button type="button" class="act" id="heal">Heal everything</button>
<button type="button" class="act" data-signal="SIGTERM">Restart the service</button>
<button type="button" class="act" data-signal="SIGKILL">Kill the service</button></div>`;

const load = ({ endpoints }: Contract): Markup =>
  markup`<form class="load" id="load-form">${Object.keys(endpoints).map(rateSlider)}
<label class="rate"><span>clients (addresses)</span><input type="number" name="clients" value="10" min="1" max="${MOST_CLIENTS}" step="1" required></label></form>
<p class="note">Requests per second. Each client has its own rate limits. <span id="left-out"></span></p>`;

const runs = (scenarios: readonly ListedScenario[]): Markup =>
  markup`<p class="note">While a scenario runs, your faults and load are off. The service restarts before and after it.</p>
<div id="running" hidden><p id="running-text"></p><button type="button" class="act" id="stop">Stop</button></div>
<div id="runs"></div>
<details class="more"><summary>Run one of ${scenarios.filter(({ skipped }) => skipped === undefined).length} scenarios</summary>
<ul class="scenarios">${scenarios.map(scenarioItem)}</ul></details>`;

const RECEIPTS = markup`<div class="scroll" tabindex="0" role="group" aria-label="Receipts"><table><thead><tr><th scope="col">time</th><th scope="col">upstream</th><th scope="col">request</th><th scope="col">result</th><th scope="col">ms</th><th scope="col">faults</th></tr></thead><tbody id="receipt-rows"></tbody></table></div>`;

const LOG = markup`<div class="scroll log" tabindex="0" role="log" aria-live="off" aria-label="Lines" id="log-lines"></div>`;

/** Renders a target's switch to refuse all connections. */
function powerSwitch(target: string, { breakers }: Contract): Markup {
  const guarded = Object.entries(breakers).filter(([, { upstream }]) => upstream === target);
  const note = guarded.map(([name]) => `breaker ${name}`).join(', ');
  return markup`<li><button type="button" role="switch" aria-checked="true" aria-label="${target}" data-power="${target}">${target}</button>${note !== '' && markup` <span class="note">${note}</span>`} <span class="note" data-count="${target}"></span></li>`;
}

const rateSlider = (endpoint: string): Markup =>
  markup`<label class="rate"><span><bdi>${endpoint}</bdi> <output>0</output></span><input type="range" name="${endpoint}" value="0" min="0" max="${MOST_PER_SECOND}" step="1"></label>`;

const faultsOf = (target: string, kinds: readonly FaultKind<never>[]): Markup =>
  markup`<details class="target"><summary>${target} <span class="note" data-count="${target}"></span></summary>
<ul class="faults">${kinds.map((kind) => faultForm(target, kind))}</ul></details>`;

const scenarioItem = ({ name, about, skipped }: ListedScenario): Markup =>
  markup`<li><button type="button" class="act" data-scenario="${name}"${skipped !== undefined && markup` disabled`}>Run</button>
<p><strong><bdi>${name}</bdi></strong> <span class="note">${skipped === undefined ? about : `skipped: ${skipped}`}</span></p></li>`;
