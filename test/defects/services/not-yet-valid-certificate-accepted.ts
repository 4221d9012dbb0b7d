/** Defect: a certificate is good before its time. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('CERT_NOT_YET_VALID');
