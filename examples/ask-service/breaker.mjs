/** Thrown instead of making a call while the breaker is open or another call is its trial. */
export class Refused extends Error {}

/** Opens after `threshold` consecutive failures, and allows one trial after `recoveryMs`. It does not log anything. */
export function breaker(threshold, recoveryMs, now = Date.now) {
  let failures = 0;
  let openUntil = 0;
  let epoch = 0;
  let isTrying = false;

  return async function guarded(call) {
    const isOpen = openUntil > 0;
    if (isOpen && (isTrying || now() < openUntil)) throw new Refused('the upstream is not asked now');
    isTrying = isOpen;
    const began = epoch;
    try {
      const result = await call();
      if (began === epoch) settle(0);
      return result;
    } catch (error) {
      if (began === epoch) settle(failures + 1, isOpen);
      throw error;
    }
  };

  function settle(count, wasTrial = false) {
    failures = count;
    const opens = wasTrial || failures >= threshold;
    if (opens || openUntil > 0) epoch += 1;
    openUntil = opens ? now() + recoveryMs : 0;
    isTrying = false;
  }
}
