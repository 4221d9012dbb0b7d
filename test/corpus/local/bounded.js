/* biome-ignore-all lint/correctness/noUnusedVariables: these functions are called by the scripts that they are appended to. */
/* They run in k6 as well. */

/** Limits a script's load: at most two VUs with two iterations each, so that every run does the same work. */
function $bounded(options) {
  if (options === null || typeof options !== 'object') return options;
  const { hosts: _, minIterationDuration: __, ...rest } = options;
  const { vus, duration, stages, iterations, ...others } = rest;
  const local = { insecureSkipTLSVerify: true };
  if (rest.scenarios !== null && typeof rest.scenarios === 'object') {
    const scenarios = {};
    for (const name of Object.keys(rest.scenarios)) scenarios[name] = $boundedScenario(rest.scenarios[name]);
    return { ...rest, ...local, scenarios };
  }
  if (duration === undefined && stages === undefined && (Number(vus) || 1) === 1) {
    return { ...rest, ...local, ...(iterations !== undefined && { iterations: $atMost(iterations, 3) }) };
  }
  const targets = Array.isArray(stages) ? stages.map((stage) => Number(stage?.target) || 1) : [];
  return { ...others, ...local, scenarios: { default: $perVu(Math.max(Number(vus) || 1, ...targets)) } };
}

function $boundedScenario(scenario) {
  if (scenario === null || typeof scenario !== 'object' || !$isExecutor(scenario.executor)) return scenario;
  const { exec, env, tags, options, stages } = scenario;
  const targets = Array.isArray(stages) ? stages.map((stage) => Number(stage?.target) || 1) : [];
  const requested = [scenario.vus, scenario.startVUs, scenario.preAllocatedVUs].map((vus) => Number(vus) || 1);
  const bounded = $perVu(Math.max(...requested, ...(scenario.executor === 'ramping-vus' ? targets : [])));
  for (const [name, value] of Object.entries({ exec, env, tags, options })) {
    if (value !== undefined) bounded[name] = value;
  }
  return bounded;
}

function $perVu(vus) {
  return { executor: 'per-vu-iterations', vus: $atMost(vus, 2), iterations: 2, maxDuration: '8s', gracefulStop: '1s' };
}

function $isExecutor(name) {
  return /^(shared-iterations|(per-vu-iterations)|constant-vus|(constant|ramping)-arrival-rate|ramping-vus)$/.test(
    name,
  );
}

function $atMost(number, most) {
  return Number(number) > most ? most : number;
}

/** Shortens `sleep()`, which takes seconds. */
function $sleepTime(seconds) {
  return $atMost(seconds, 0.02);
}

/** Shortens timers, which take milliseconds. A longer timer remains longer. */
function $timerDelay(ms) {
  if (!(Number(ms) > 20)) return ms;
  return ms <= 8_000 ? 20 + ms / 20 : 420 + Math.sqrt(ms - 8_000);
}

/**
 * Takes the place of `Math.random`, with the same numbers in every run. They have 20 bits, so that `toString(36)` is
 * exact: of other numbers, the engines write different last digits.
 */
function $random() {
  $random.state = (($random.state === undefined ? 1 : $random.state) * 16_807) % 2_147_483_647;
  return Math.floor($random.state / 2_048) / 1_048_576;
}
