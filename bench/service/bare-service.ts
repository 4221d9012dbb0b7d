import { runService } from '../../service/app/run-service.ts';
import { createDependencies } from '../../service/dependencies/create-dependencies.ts';
import { disabledBreaker } from '../../service/protections/circuit-breaker.ts';
import { noRateLimit } from '../../service/protections/rate-limit.ts';
import { USER } from './user.ts';

/** The reference service without its protections, which is the baseline for measuring their cost. */
await runService({
  assemble(configuration, logger) {
    const dependencies = createDependencies(configuration, logger);
    const none = Object.keys(dependencies.limiters).map((name) => [name, noRateLimit]);
    return {
      ...dependencies,
      limiters: Object.fromEntries(none) as typeof dependencies.limiters,
      load: { delayMs: 0, maxDelayMs: Number.POSITIVE_INFINITY, close: dependencies.load.close },
      authentication: (_request, response, next) => {
        response.locals.userId = USER;
        next();
      },
      breakers: { llm: disabledBreaker, memory: disabledBreaker },
    };
  },
});
