/** Defect: a certificate is accepted although its issuer is missing from the chain. */
import { runWithMemoryAgentThatForgives } from '../run-with-agent.ts';

await runWithMemoryAgentThatForgives('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
