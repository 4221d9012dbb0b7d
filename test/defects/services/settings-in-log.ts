/** Defect: the service logs all of its settings when it starts. */
import { runWithSettings } from '../run-with.ts';

console.log(process.env);
await runWithSettings({});
