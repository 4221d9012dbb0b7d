/** Defect: certificates are accepted before they become valid. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('CERT_NOT_YET_VALID');
