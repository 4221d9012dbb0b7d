import { basename } from 'node:path';
import type { ContractFile } from '../contract/contract.ts';
import { orNone, path, seconds, setting, text } from './answers.ts';
import { askFiles } from './ask-files.ts';
import type { Ask } from './question.ts';

/** The service itself, and how it is started. */
export interface Service {
  name: string;
  start: ContractFile['start'];
  environment: Record<string, string>;
  files: NonNullable<ContractFile['files']>;
  /** Whether it is already running, so that its settings can't be changed. */
  isRunning: boolean;
  hasDatabase: boolean;
  secretSetting: string | undefined;
  /** How it ends on SIGTERM, if it promises this. */
  termination?: ContractFile['termination'];
}

/** The address of a service on this machine. Others may not be called without --allow-host. */
const here = text.regex(/^http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?$/, 'an address such as http://127.0.0.1:8000');

/** Asks about the service itself. The default name is that of the working directory. */
export async function askService(ask: Ask): Promise<Service> {
  const name = await ask({
    name: 'name',
    ask: 'What is the service called?',
    usual: basename(process.cwd()),
    answer: text,
  });
  const url = await ask({
    name: 'running',
    ask: 'Which address does it have, such as http://127.0.0.1:8000, or none if proofload has to start it?',
    usual: 'none',
    answer: orNone(here),
  });
  return url === undefined ? askStopped(ask, name) : askRunning(ask, name, url);
}

async function askRunning(ask: Ask, name: string, url: string): Promise<Service> {
  const log = await ask({
    name: 'log',
    ask: 'Which file does it write its log to, or none?',
    usual: 'none',
    answer: orNone(text),
  });
  const start = { running: { url, ...(log && { log }) }, ...(await askReady(ask)) };
  return { name, start, environment: {}, files: {}, isRunning: true, hasDatabase: false, secretSetting: undefined };
}

async function askStopped(ask: Ask, name: string): Promise<Service> {
  const command = await ask({
    name: 'command',
    ask: 'Which command starts it?',
    usual: 'node server.js',
    answer: text,
  });
  const { command: started, files, ...found } = await askFiles(ask, command);
  const ready = await askReady(ask);
  const port = await ask({
    name: 'portSetting',
    ask: 'Which environment variable sets its port, or none if the command does (with ${port})?',
    usual: command.includes('${port}') ? 'none' : 'PORT',
    answer: orNone(setting),
  });
  const database = await ask({
    name: 'databaseSetting',
    ask: 'Which environment variable holds the URL of PostgreSQL, or none?',
    usual: 'none',
    answer: orNone(setting),
  });
  const secretSetting = await ask({
    name: 'secretSetting',
    ask: 'Which environment variable holds its secret key, which must be strong, or none?',
    usual: 'none',
    answer: orNone(setting),
  });
  const graceSeconds = await ask({
    name: 'graceSeconds',
    ask: 'Within how many seconds does it end on SIGTERM, with all requests in progress finished, or none?',
    usual: 'none',
    answer: orNone(seconds),
  });
  const environment = {
    ...found.environment,
    ...(port && { [port]: '${port}' }),
    ...(database && { [database]: '${postgres}' }),
    ...(secretSetting && { [secretSetting]: '${secret}' }),
  };
  const start = { command: started.split(/\s+/), ...ready };
  const hasDatabase = database !== undefined;
  const termination = graceSeconds === undefined ? undefined : { graceSeconds, inFlight: 'finished' as const };
  return { name, start, environment, files, isRunning: false, hasDatabase, secretSetting, termination };
}

async function askReady(ask: Ask): Promise<{ readyPath: string; readySeconds: number }> {
  const readyPath = await ask({
    name: 'readyPath',
    ask: 'Which path returns 2xx once it is ready?',
    usual: '/health',
    answer: path,
  });
  return { readyPath, readySeconds: 20 };
}
