import { runService } from './app/run-service.ts';

await runService();
