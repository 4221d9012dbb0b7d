import { type Amount, numberOf, secondsOf } from './amount.ts';
import { optionOf } from './breakers.ts';
import type { Code } from './code.ts';
import { lastOf, type Value } from './syntax.ts';

/** The client of a provider's SDK in the code. */
export interface FoundClient {
  readonly from: string;
  /** How often it repeats a failed call, or undefined if that is the default. */
  readonly retries?: Amount | undefined;
  readonly timeout?: Amount | undefined;
}

/** Returns the clients whose constructors have one of these names, such as `OpenAI`. */
export function clientsOf(code: Code, constructors: readonly string[]): FoundClient[] {
  const found: FoundClient[] = [];
  for (const { module, call } of code.callsOf(/./)) {
    const name = lastOf(call.callee.replace(/\.default$/, ''));
    if (!constructors.includes(name.replace(/^Async/, ''))) continue;
    const option = (javascript: string, python: string): Value | undefined =>
      call.named[python] ?? optionOf(code, call.args[0], javascript, module);
    const unit = module.file.endsWith('.py') ? 1 : 0.001;
    found.push({
      from: code.at(module, call),
      retries: numberOf(code, option('maxRetries', 'max_retries'), module),
      timeout: secondsOf(code, option('timeout', 'timeout'), module, unit),
    });
  }
  return found;
}
