import { spawn } from 'node:child_process';
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy, runNamed } from '../defect.ts';

const ends = caughtBy('chaos/termination', 'ends-when-told-to', {
  // SIGTERM is ignored.
  'does-not-end-when-told-to': {
    check: 'exits on SIGTERM',
    run: async () => {
      await runService();
      process.removeAllListeners('SIGTERM');
      process.on('SIGTERM', () => {});
    },
  },
});

const inFlight = caughtBy('chaos/termination', 'in-flight-at-end', {
  // It waits for calls, but not for those that take nearly as long as their timeout allows.
  'gives-up-calls-before-their-timeout': {
    check: 'requests in progress at SIGTERM',
    says: 'It waits for the requests in progress, but not long enough',
    run: () =>
      runService({ configure: (environment) => ({ ...loadConfiguration(environment), shutdownGraceMs: 430 }) }),
  },
});

const wrapped = caughtBy('chaos/termination', 'in-flight-at-end', {
  // The main process is a wrapper that does not pass SIGTERM on to the process that serves the requests.
  'signal-not-passed-on': {
    check: 'requests in progress at SIGTERM',
    says: 'left other processes behind',
    run: async () => {
      if (process.env.IS_WRAPPED) return runService();
      const [node = '', ...command] = process.argv;
      const environment = { ...process.env, IS_WRAPPED: '1' };
      spawn(node, [...process.execArgv, ...command], { stdio: 'inherit', env: environment });
    },
  },
});

export const defects = [...ends, ...inFlight, ...wrapped];

if (import.meta.main) await runNamed(defects);
