/**
 * The folders with the code of one subject, lowest first. A room imports only from rooms before it, types included.
 * Every source file is in one of them.
 */
export const ROOMS = [
  'engine',
  'faults',
  'mocks',
  'harness/base',
  'harness/secrecy',
  'harness/machine',
  'harness/contract',
  'harness/wire',
  'harness/callers',
  'harness/process',
  'harness/history',
  'harness/verdict',
  'harness/checkers',
  'harness/client',
  'harness/watch',
  'harness/judge',
  'harness/lab',
  'harness/project',
  'harness/engine',
  'harness/report',
  'harness/distributed',
  'harness/run',
  'harness/prove',
  'harness/gate',
  'harness/fix',
  'harness/init',
  'harness/workbench',
  'harness/mcp',
  'harness/commands',
  'harness/testing',
  'harness',
  'scenarios',
  'service',
  'bench',
  'test',
];

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
      'faults/ imports nothing but the clock and optional packages',
      { path: '^faults/' },
      { ...outside('faults'), pathNot: '^engine/base/(epoch-clock|optional-package)\\.ts$' },
    ),
    rule(
      'scripts-run-in-k6',
      'k6 loads scripts, and what they import, without the harness: types may come from harness/contract/ only',
      { path: ['^scenarios/', '^harness/(callers|secrecy)/'] },
      { ...outside('scenarios', 'harness/callers', 'harness/secrecy'), pathNot: '^harness/contract/' },
    ),
    rule(
      'scripts-import-types',
      'k6 loads scripts, and what they import, without the harness: import types',
      { path: ['^scenarios/', '^harness/(callers|secrecy)/'] },
      { path: '^harness/contract/', dependencyTypesNot: ['type-only'] },
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
