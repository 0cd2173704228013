import { writeFileSync } from 'node:fs';

/**
 * Writes `{ passed, failed, skipped }` of the whole run to the file in TENURE_TEST_TOTALS. What kept
 * tests from running (a file that does not load, a hook that threw, an error nobody caught) is a
 * failure each: a run that measured less than it should has not passed.
 */
// oxlint-disable-next-line import/no-default-export -- Vitest takes a reporter that way
export default class TotalsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      totals.failed += module.errors().length;
      for (const suite of module.children.allSuites()) totals.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        totals[state === 'pending' ? 'failed' : state] += 1;
      }
    }
    writeFileSync(process.env.TENURE_TEST_TOTALS, JSON.stringify(totals));
  }
}
