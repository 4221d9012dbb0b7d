import { existsSync } from 'node:fs';
import { type Rule, rule } from './rule.ts';
import { isStarted } from './upstreams.ts';

/** Finds missing files of the database, and a database that the lab can't prepare. */
export const databaseRules: readonly Rule[] = [
  rule({
    at: 'database',
    when: (found) => !isStarted(found),
    message: 'a running service has its own database; leave this out',
  }),
  rule({
    at: ['database.schema', 'database.fixtures'],
    message: ({ value: paths }) =>
      [paths]
        .flat()
        .filter((path) => !existsSync(path))
        .map((path) => `there is no file or folder ${path}`),
  }),
];
