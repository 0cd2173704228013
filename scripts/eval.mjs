import { onNode24 } from './node.mjs';

// `npm run eval`. The golden cases are TypeScript, which an older Node does not run.
if (await onNode24(import.meta.url)) await import('../test/eval/run.ts');
