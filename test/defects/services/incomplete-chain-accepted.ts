/** Defect: a certificate whose issuer nobody has shown is good. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
