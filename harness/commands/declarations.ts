import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { parsePair } from '../../engine/cli/parse-pair.ts';
import { ProofloadError } from '../base/errors.ts';
import { CONTRACT_NAMES, RUN_NAMES } from '../base/settings.ts';
import { SUITES, USUAL_SUITES } from '../contract/scenario-scripts.ts';
import { allowHostOption, contractOptions, labOptions, requireOption } from './lab-options.ts';
import { moreHelp } from './more-help.ts';
import { httpUrl, jsonOption, optionFor, resultsOption, wholeNumber } from './options.ts';
import { reporterOptions } from './reporter-options.ts';
import { grepOption, selectionOptions } from './selection-options.ts';

// The commands, as `--help` shows them. What they do is loaded only when they run, because all of it takes a second.

const OTHER_EXIT_CODES = '2 wrong usage or configuration, 1 the lab could not be set up.';
const EXIT_CODES = `\nExit codes: 0 PASS, 99 FAIL, 3 INCONCLUSIVE, ${OTHER_EXIT_CODES}`;

/** Returns an action that loads its implementation first. */
const lazily =
  <Args extends unknown[]>(load: () => Promise<(...args: Args) => unknown>) =>
  async (...args: Args): Promise<void> => {
    await (await load())(...args);
  };

const run = (): Command =>
  selectionOptions(reporterOptions(labOptions(new Command('run'))))
    .description('Run suites or single scenarios, and report PASS, FAIL or INCONCLUSIVE.')
    .argument(
      '[scenario...]',
      `suites (${SUITES.join(', ')}), scenarios (chaos/llm-outage) or patterns (chaos/*outage)`,
    )
    .addOption(optionFor('REPEAT').argParser(wholeNumber(1, 10_000)))
    .addOption(requireOption())
    .addOption(
      new Option('--watch', 'run what did not pass again when a file of the service changes').conflicts([
        'repeat',
        'json',
      ]),
    )
    .addOption(new Option('--watched').hideHelp())
    .addOption(
      new Option(
        '--otlp <url>',
        'send metrics to this OpenTelemetry collector, such as http://127.0.0.1:4318',
      ).argParser(httpUrl),
    )
    .addHelpText(
      'after',
      `\nTo run a k6 script: proofload run script.js (proofload run script.js --help lists the flags of k6).${EXIT_CODES}`,
    )
    .addHelpText(
      'after',
      moreHelp('running.md', 'run stress chaos', 'run chaos/llm-outage --verbose', "run 'chaos/*outage' --repeat 5"),
    )
    .action(lazily(async () => (await import('./run.ts')).runScenarios));

const demo = (): Command =>
  new Command('demo')
    .description('Find the bugs of a small shop that comes with proofload. Needs no contract, service or database.')
    .addOption(resultsOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 all bugs were found, 3 the machine was too busy to find them all, 1 the lab could not be set up.',
    )
    .addHelpText('after', moreHelp('README.md', 'demo'))
    .action(lazily(async () => (await import('./demo.ts')).runDemo));

export const gate = (): Command =>
  reporterOptions(labOptions(new Command('gate')))
    .description("Run the suites stress and chaos, and compare the service's speed with another build.")
    .addOption(optionFor('AGAINST'))
    .addOption(optionFor('AGAINST_RELEASE'))
    .addOption(optionFor('PREPARE'))
    .addOption(optionFor('ROUNDS').argParser(wholeNumber(1, 100)))
    .addOption(requireOption())
    .addHelpText('after', EXIT_CODES)
    .addHelpText('after', moreHelp('gate.md', 'gate --against main'))
    .action(lazily(async () => (await import('./gate.ts')).runGate));

const lab = (): Command =>
  labOptions(new Command('lab'))
    .description('Start the service, its database and upstreams, and a web page to break things and watch the service.')
    .option('--json', 'for tests in any language: no page, but a line of JSON with all addresses')
    .addOption(
      new Option('--condition <name>', 'with --json: start the service with this condition; repeatable').argParser(
        (name, before: string[] = []) => [...before, name],
      ),
    )
    .addHelpText(
      'after',
      '\nWith --json, the lab ends on SIGTERM, or when the process that started it closes its standard input or ends.',
    )
    .addHelpText('after', moreHelp('lab.md', 'lab'))
    .action(lazily(async () => (await import('./lab.ts')).openLabOrPage));

const doctor = (): Command =>
  labOptions(new Command('doctor'))
    .description(
      'Check a contract: which scenarios can judge the service, and whether the service matches the contract.',
    )
    .addOption(
      new Option(
        '--fix',
        'change the contract (YAML or JSON) to match the service, show the lines, and check it again',
      ),
    )
    .addOption(
      new Option(
        '--thorough',
        'also look at what takes longer than 20 s, such as timeouts, all endpoints, and slow breakers; the seconds are shown first',
      ),
    )
    .addHelpText(
      'after',
      `\nExit codes: 0 the contract matches, 99 it does not, 3 unknown, or a required scenario cannot be judged, 2 the contract is invalid, 1 the lab could not be set up.`,
    )
    .addOption(jsonOption())
    .addHelpText('after', moreHelp('how-to/check-a-contract.md', 'doctor', 'doctor --fix'))
    .action(lazily(async () => (await import('./doctor.ts')).checkContract));

const init = (): Command =>
  new Command('init')
    .description('Write a contract for the service in this folder. Asks only about what its files do not show.')
    .argument('[file]', 'the file to write', CONTRACT_NAMES[0])
    .option('--force', 'replace an existing file')
    .option('--yes', 'accept what was found, without questions. Nothing is installed')
    .option('--ask', 'ask every question, also those about parts of which nothing was found')
    .option('--no-start', 'do not start the service to see how it responds')
    .option(
      '--set <name=answer>',
      'answer a question by its name, such as endpoints="POST /chat"; repeatable',
      answered,
    )
    .addOption(new Option('--ci <system>', 'also write a workflow that runs the contract').choices(['github']))
    .addHelpText(
      'after',
      '\nIt starts the service in a lab, with fakes in place of its upstreams, and looks at its OpenAPI document and at how ' +
        'it responds. It reads package.json, pyproject.toml, requirements.txt, go.mod, .env.example, run.sh, Procfile and ' +
        'Makefile, the routes, limits, breakers and variables in JavaScript, TypeScript, Python and Go, and the routes and ' +
        'limits in Ruby and Java. Each answer ' +
        'from a file is shown with its line, and is only a suggestion. Enter accepts it, and < goes back to the last question.',
    )
    .addHelpText('after', moreHelp('how-to/write-a-contract.md', 'init', 'init --yes --set endpoints="POST /chat"'))
    .action(lazily(async () => (await import('./init.ts')).writeContract));

const schema = (): Command =>
  new Command('schema')
    .description('Print the JSON Schema of a contract, or of verdict.json.')
    .addArgument(new Argument('<name>').choices(['contract', 'verdict']))
    .addHelpText('after', moreHelp('contract/README.md', 'schema contract > contract.schema.json'))
    .action(lazily(async () => (await import('./schema.ts')).printSchema));

const list = (): Command =>
  contractOptions(new Command('list'))
    .description('List the scenarios: what each judges, how long it takes, and why it is skipped, if it is.')
    .argument('[scenario...]', 'suites, names or patterns (default: all)')
    .addOption(grepOption())
    .addOption(optionFor('PROFILE'))
    .addOption(allowHostOption())
    .addOption(jsonOption())
    .addHelpText('after', moreHelp('scenarios.md', 'list chaos'))
    .action(lazily(async () => (await import('./list.ts')).listScenarios));

const rejudge = (): Command =>
  contractOptions(new Command('rejudge'))
    .description('Judge a past run again, using its recorded histories.')
    .argument('[run]', `${RUN_NAMES}; also a scenario of it, such as latest/chaos-impostor`, 'latest')
    .addOption(resultsOption())
    .addOption(optionFor('VERBOSE'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExit codes: the same as for run.')
    .addHelpText('after', moreHelp('running.md', 'rejudge latest --verbose'))
    .action(lazily(async () => (await import('./rejudge.ts')).judgePastRun));

const prove = (): Command =>
  labOptions(new Command('prove'))
    .description('Show which checks would notice a defect of this service, by simulating defects on the wire.')
    .argument('[scenario...]', `suites, scenarios or patterns (default: ${USUAL_SUITES.join(' ')})`)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExit codes: 0 every mutant that acted made its checks fail; 3 a mutant did not, or a check is INCONCLUSIVE with or without mutants; 99 the service fails a check without mutants, but the other checks were proved; ${OTHER_EXIT_CODES}`,
    )
    .addHelpText('after', moreHelp('proving.md', 'prove chaos/llm-outage'))
    .action(lazily(async () => (await import('./prove.ts')).proveScenarios));

const show = (): Command =>
  new Command('show')
    .description('Print a past run.')
    .argument('[run]', RUN_NAMES, 'latest')
    .addOption(resultsOption())
    .addOption(jsonOption())
    .addOption(optionFor('VERBOSE'))
    .addHelpText('after', moreHelp('running.md', 'show latest'))
    .action(lazily(async () => (await import('./past-runs.ts')).showPastRun));

export const distribute = (): Command =>
  new Command('distribute')
    .description('Write the files for running a script on several machines, with k6-operator or without.')
    .argument('<script>', 'the file of a k6 script')
    .addOption(
      new Option('--instances <n>', 'number of machines').env('INSTANCES').default(2).argParser(wholeNumber(1, 1_000)),
    )
    .addOption(
      new Option('-e, --env <NAME[=VALUE]>', 'add a variable to __ENV, without VALUE from the environment')
        .argParser(variable)
        .default({}, 'none'),
    )
    .addOption(new Option('--image <name>', "k6's image (default: the operator's)").env('K6_IMAGE'))
    .option('--out <folder>', 'output folder (default: results/distributed/<script>)')
    .addHelpText('after', moreHelp('engines.md', 'distribute script.js --instances 4'))
    .action(lazily(async () => (await import('./distributed.ts')).distribute));

const gather = (): Command =>
  new Command('gather')
    .description('Judge the thresholds of a test that ran on several machines, using the samples of all of them.')
    .argument('<folder>', 'a folder that proofload distribute wrote')
    .argument('[samples...]', 'the samples of each instance (default: the files samples-*.json in the folder)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all thresholds hold, 99 a threshold fails, 3 a threshold has no samples, or something is missing.',
    )
    .addHelpText('after', moreHelp('engines.md', 'gather results/distributed/script'))
    .action(lazily(async () => (await import('./distributed.ts')).gather));

const compare = (): Command =>
  new Command('compare')
    .description('Compare two past runs: the checks that changed, and other differences.')
    .argument('<before>', 'the earlier run, named as for show')
    .argument('<after>', 'the later run, named as for show')
    .addOption(resultsOption())
    .addOption(jsonOption())
    .addHelpText('after', moreHelp('running.md', 'compare chaos/2026-01-31T09-30-00.000Z latest'))
    .action(lazily(async () => (await import('./past-runs.ts')).comparePastRuns));

const mcp = (): Command =>
  new Command('mcp')
    .description(
      "Serve proofload's commands to a client of the Model Context Protocol, over standard input and output.",
    )
    .addOption(resultsOption())
    .addHelpText(
      'after',
      '\nA client starts it in the service\'s folder: { "command": "npx", "args": ["proofload", "mcp"] }.',
    )
    .addHelpText('after', moreHelp('running.md', 'mcp'))
    .action(lazily(async () => (await import('./mcp.ts')).mcp));

/** All commands, in the order of the help text. */
export const COMMANDS = [
  demo,
  init,
  doctor,
  list,
  run,
  gate,
  lab,
  show,
  compare,
  rejudge,
  prove,
  schema,
  mcp,
  distribute,
  gather,
];

function answered(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const [, name, answer] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || answer === undefined)
    throw new ProofloadError('USAGE', `--set ${text}: allowed: NAME=ANSWER, such as --set endpoints="POST /chat"`);
  return { ...earlier, [name]: answer };
}

/** Collects `NAME=VALUE` arguments, or `NAME` for a value that other users must not see on the command line. */
function variable(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  if (text.includes('=')) return parsePair(text, earlier);
  const value = process.env[text];
  if (value === undefined) throw new InvalidArgumentError('expected NAME=VALUE, or the NAME of a variable that is set');
  return { ...earlier, [text]: value };
}
