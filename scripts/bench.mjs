import { onNode24 } from './node.mjs';

// `npm run bench`. The benches are TypeScript, which an older Node does not run.
if (await onNode24(import.meta.url)) await import('../test/bench/run.ts');
