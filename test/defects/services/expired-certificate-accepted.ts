/** Defect: a certificate is good for ever. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('CERT_HAS_EXPIRED');
