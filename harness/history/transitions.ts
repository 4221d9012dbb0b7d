import type { Contract, Numbers } from '../contract.ts';
import type { Transition } from './events.ts';

type Read = (line: string, at: number) => Transition | undefined;

/**
 * Makes a reader of a service's log that finds the transitions of its breakers. `{failures}` in a pattern stands for any
 * number, `{recovery}` for the profile's recovery timeout in seconds.
 */
export function transitionReader(contract: Contract, numbers: Numbers): Read {
  const patterns = Object.entries(contract.breakers).flatMap(([breaker, { log }]) => {
    if (!log) return [];
    const recovery = String(numbers.breakers[breaker]?.recoverySeconds);
    const states = { open: log.opened, 'half-open': log.halfOpen, closed: log.closed } as const;
    return Object.entries(states).map(([to, texts]) => ({
      breaker,
      to: to as Transition['to'],
      parts: texts.map((text) => matcher(text, recovery)),
    }));
  });
  return (line, at) => {
    const found = patterns.find(({ parts }) => parts.every((part) => part.test(line)));
    return found && { type: 'transition', at, breaker: found.breaker, to: found.to, line };
  };
}

function matcher(text: string, recovery: string): RegExp {
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(literal.replace('\\{failures\\}', '\\d+').replace('\\{recovery\\}', recovery));
}
