/**
 * The folders with the code of one subject, lowest first, and what each has. A room imports only from rooms before it,
 * types included. Every source file is in one of them. `make docs` writes docs/architecture.md from this.
 */
const CONTENT = {
  engine: 'k6 in Node: the embedded engine. Stands alone',
  faults: 'what all fakes share: fault kinds, plans, scopes, receipts, control API, certificates, servers, proxies',
  mocks: 'the fakes of providers, one folder each. `llm/` is shared by all fakes of LLMs',
  'harness/base': 'clock, errors, statistics, settings, hiding secrets, printing',
  'harness/secrecy': 'finds secrets and stack traces in texts. Scripts use it too, so it imports nothing',
  'harness/machine': 'measures the noise of the machine, and reads what Linux says about processes',
  'harness/contract': 'the schema of a contract, its rules and promises, its loader, and what a script gets of it',
  'harness/callers': "builds the requests of a contract's callers. Scripts use it too, so it imports only types",
  'harness/wire': 'the proxy in front of a service, and helpers to define wire mutants',
  'harness/process': 'starts and ends processes, also if the harness is killed (`reaper.ts`)',
  'harness/history': 'the record of a scenario: writing, reading, queries',
  'harness/verdict': "findings, a run's verdict, the promises that are judged",
  'harness/checkers':
    "judges a history. A family's folder has its checkers with their fixes, its hints and its wire mutants",
  'harness/client': "sends a contract's requests from Node, for the workbench and the gate",
  'harness/watch': 'notices when this machine or a process pauses',
  'harness/judge': 'applies the checkers of a scenario to a new or past run',
  'harness/lab': 'starts PostgreSQL, fakes and service, and serves the control API for scripts',
  'harness/project': "loads a team's contract with its own scenarios, checks and faults",
  'harness/engine': 'chooses k6, its image or the embedded engine, runs it and reads its samples',
  'harness/report': 'terminal output, HTML report, JUnit, Markdown, metrics',
  'harness/distributed': 'runs a script on several machines',
  'harness/run': 'runs a list of scenarios from start to end',
  'harness/prove': 'runs scenarios with wire mutants, and decides which checks are proved',
  'harness/gate': 'measures how fast a service is, and compares builds',
  'harness/fix': 'changes a contract to match the service, for `doctor --fix`',
  'harness/init': 'the questions of `proofload init`, and the answers that files give (`found/`)',
  'harness/workbench': 'the page of `proofload lab`',
  'harness/mcp': 'the tools and resources of `proofload mcp`',
  'harness/commands': 'the commands of the command line',
  'harness/testing': '`proofload/testing`: `startLab` and hand-written histories',
  harness: '`cli.ts`, and the exports of `proofload` (`index.ts`)',
  scenarios: 'k6 scripts by suite, and their shared code (`lib/`)',
  service: 'the reference service, and its contract `proofload.config.ts`. Stands alone, except for this contract',
  bench: 'benchmarks',
  test: 'the tests. `defects/` has services that a check must catch',
};

export const ROOMS = Object.keys(CONTENT);

/** Returns the table of all rooms. */
export const roomTable = () =>
  ['| room | content |', '| --- | --- |', ...ROOMS.map((room) => `| \`${room}/\` | ${CONTENT[room]} |`)].join('\n');

/** Matches the files of a room: those of `harness` itself are not those of its folders. */
const filesOf = (room) => (room === 'harness' ? '^harness/[^/]+$' : `^${room}/`);

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const outside = (...rooms) => ({ path: ROOMS.map(filesOf).filter((files) => !rooms.map(filesOf).includes(files)) });

/** The rules of dependency-cruiser. Its documentation says what they can contain. */
export const RULES = {
  forbidden: [
    // Tests and benchmarks use each other.
    ...ROOMS.slice(0, -2).map((room, index) =>
      rule(
        `${room}-imports-upward`,
        'a room imports only from those before it in test/layout/rooms.js',
        { path: filesOf(room) },
        { path: ROOMS.slice(index + 1).map(filesOf) },
      ),
    ),
    rule(
      'faults-stand-alone',
      'faults/ imports nothing but the clock',
      { path: '^faults/' },
      { ...outside('faults'), pathNot: '^engine/base/epoch-clock\\.ts$' },
    ),
    rule(
      'scripts-run-in-k6',
      'k6 loads scripts, and what they import, without the harness: types may come from harness/contract/ only',
      { path: ['^scenarios/', '^harness/(callers|secrecy)/'] },
      { ...outside('scenarios', 'harness/callers', 'harness/secrecy'), pathNot: '^(harness/contract|faults/marks)/' },
    ),
    rule(
      'scripts-import-types',
      'k6 loads scripts, and what they import, without the harness: import types',
      { path: ['^scenarios/', '^harness/(callers|secrecy)/'] },
      { path: '^harness/contract/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'marks-run-in-k6',
      'scripts use faults/marks/ too, so it imports nothing',
      { path: '^faults/marks/' },
      { pathNot: '^faults/marks/' },
    ),
    rule(
      'service-stands-alone',
      'the reference service knows nothing of the harness; only its contract does',
      { path: '^service/', pathNot: '^service/proofload\\.config\\.ts$' },
      outside('service'),
    ),
    rule(
      'families-stand-alone',
      'a family of checkers imports no other family, and lib/ imports none: move what two of them need to lib/',
      { path: '^harness/checkers/([^/]+)/' },
      { path: '^harness/checkers/', pathNot: '^harness/checkers/($1|lib)/' },
    ),
    rule('no-circle', 'files import each other in a circle', {}, { circular: true }),
    {
      ...rule(
        'no-circle-of-folders',
        'folders import each other in a circle',
        { pathNot: '^test' },
        { circular: true },
      ),
      scope: 'folder',
    },
  ],
};

/** Returns the room of a file, or undefined if it is in none. */
export const roomOf = (file) => ROOMS.find((room) => new RegExp(filesOf(room)).test(file));
