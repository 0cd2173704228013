import { onNode24 } from './node.mjs';

// `npm run check`. Everything that needs a new Node is loaded only once it is there.
if (await onNode24(import.meta.url)) {
  const { check } = await import('./checks.mjs');
  await check(process.argv.slice(2));
}
