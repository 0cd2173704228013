import { onNode24 } from './node.mjs';

// `npm test`. Everything that needs a new Node is loaded only once it is there.
if (await onNode24(import.meta.url)) {
  const { lastLine, runTests } = await import('./tests.mjs');
  const totals = await runTests(process.argv.slice(2), console.error).catch((error) => {
    console.error(error.message);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  console.log(lastLine(totals));
  process.exitCode = totals.failed === 0 ? 0 : 1;
}
