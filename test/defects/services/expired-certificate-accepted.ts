/** Defect: expired certificates are accepted. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('CERT_HAS_EXPIRED');
