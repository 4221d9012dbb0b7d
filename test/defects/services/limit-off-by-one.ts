/** Defect: one limit allows one request too many. */
import { runWithSettings } from '../run-with.ts';

const limit = process.env.RATE_LIMIT_CONVERSATION_END ?? '';
await runWithSettings({ RATE_LIMIT_CONVERSATION_END: limit.replace(/^\d+/, (n) => String(Number(n) + 1)) });
