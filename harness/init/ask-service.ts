import { basename } from 'node:path';
import type { ContractFile } from '../contract/contract.ts';
import { databaseSettings, optional, orNone, seconds, setting, settings, text, yesOrNo } from './answers.ts';
import { askFiles } from './ask-files.ts';
import { isSql, settingsOfTool } from './found/in-migrations.ts';
import type { Ask, Interviewer } from './question.ts';

/** The service itself, and how it is started. */
export interface Service {
  name: string;
  /** Without its ready path. */
  start: Omit<ContractFile['start'], 'readyPath' | 'readySeconds'>;
  environment: Record<string, string>;
  files: NonNullable<ContractFile['files']>;
  /** What creates its tables, if it does not do so itself. */
  database?: ContractFile['database'];
  /** Whether it is already running, so that its settings can't be changed. */
  isRunning: boolean;
  hasDatabase: boolean;
  /** The setting with a secret key, if the service refuses weak ones. */
  secretSetting: string | undefined;
  /** How it ends on SIGTERM, if it promises this. */
  termination?: ContractFile['termination'];
}

/** The address of a service on this machine. Others may not be called without --allow-host. */
const HERE = /^http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?$/;

const commandOrAddress = text.refine(
  (entered) => HERE.test(entered) || !/^https?:/.test(entered),
  'a command, or an address such as http://127.0.0.1:8000',
);

/** Asks about the service itself. The default name is that of the working directory. */
export async function askService({ ask, group }: Interviewer): Promise<Service> {
  await group('How the service starts', {
    name: 'name',
    command: 'command',
    portSetting: 'its port is in',
    databaseSetting: 'PostgreSQL is in',
    tables: 'its tables are made by',
    secretSetting: 'a secret key is in',
    settings: 'other settings',
    configFile: 'configuration file',
  });
  const name = await ask({
    name: 'name',
    ask: 'What is the service called?',
    usual: basename(process.cwd()),
    answer: text,
    isRare: true,
  });
  const command = await ask({
    name: 'command',
    ask: 'Which command starts it? If it is already running: which address does it have, such as http://127.0.0.1:8000?',
    answer: commandOrAddress,
  });
  return HERE.test(command) ? askRunning(ask, name, command) : askStopped(ask, name, command);
}

async function askRunning(ask: Ask, name: string, url: string): Promise<Service> {
  const log = await ask({
    name: 'log',
    ask: 'Which file does it write its log to, or none?',
    ...optional(text),
    isRare: true,
  });
  const start = { running: { url, ...(log && { log }) } };
  return { name, start, environment: {}, files: {}, isRunning: true, hasDatabase: false, secretSetting: undefined };
}

async function askStopped(ask: Ask, name: string, command: string): Promise<Service> {
  const { command: started, files, ...found } = await askFiles(ask, command);
  const port = await ask({
    name: 'portSetting',
    ask: 'Which environment variable sets its port, or none if the command does (with ${port})?',
    usual: command.includes('${port}') ? 'none' : 'PORT',
    answer: orNone(setting),
    isRare: command.includes('${port}'),
  });
  const database = await ask({
    name: 'databaseSetting',
    ask:
      'Which environment variable holds the URL of PostgreSQL, or none? If there is one for each part: their names, ' +
      'such as "DB_HOST DB_PORT DB_USER DB_PASSWORD DB_NAME"',
    ...optional(databaseSettings),
    isRare: true,
    about: 'PostgreSQL',
  });
  const tables =
    database &&
    (await ask({
      name: 'tables',
      ask:
        'What creates its tables: a command such as "npx prisma migrate deploy", a SQL file, a folder of SQL files ' +
        '(with a slash at its end), or none if the service does when it starts?',
      ...optional(text),
      isRare: true,
      about: 'what creates the tables',
    }));
  const secret = await ask({
    name: 'secretSetting',
    ask: 'Which environment variable holds a secret key, or none?',
    ...optional(setting),
    isRare: true,
    about: 'a secret key',
  });
  const isStrong =
    secret !== undefined &&
    (await ask({
      name: 'secretRefused',
      ask: `Does it refuse to start if ${secret} is unset, empty or short, and say so?`,
      usual: 'no',
      answer: yesOrNo,
    }));
  const others = await ask({
    name: 'settings',
    ask: 'Which other settings does it need to start, as NAME=value with blanks between them, or none?',
    ...optional(settings),
    isRare: true,
  });
  const graceSeconds = await ask({
    name: 'graceSeconds',
    ask: 'Within how many seconds does it end on SIGTERM, with all requests in progress finished, or none?',
    ...optional(seconds),
    isRare: true,
    about: 'how it ends on SIGTERM',
  });
  const environment = {
    ...found.environment,
    ...(port && { [port]: '${port}' }),
    ...database,
    ...(tables && settingsOfTool(tables)),
    ...(secret && { [secret]: '${secret}' }),
    ...others,
  };
  return {
    name,
    start: { command: wordsOf(started) },
    environment,
    files,
    ...(tables && { database: isSql(tables) ? { schema: tables } : { migrate: wordsOf(tables) } }),
    isRunning: false,
    hasDatabase: database !== undefined,
    secretSetting: isStrong ? secret : undefined,
    termination: graceSeconds === undefined ? undefined : { graceSeconds, inFlight: 'finished' as const },
  };
}

/** Returns the words of a command, which has no shell: quotes keep blanks. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
