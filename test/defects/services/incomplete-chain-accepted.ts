/** Defect: a certificate without its issuer in the chain is accepted. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
