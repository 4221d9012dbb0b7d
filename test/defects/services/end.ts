import { runService } from '../../../service/app/run-service.ts';
import { caughtBy, runNamed } from '../defect.ts';

export const defects = caughtBy('chaos/termination', 'ends-when-told-to', {
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

if (import.meta.main) await runNamed(defects);
