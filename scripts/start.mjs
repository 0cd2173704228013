import { onNode24 } from './node.mjs';

// `npm start`. Everything that needs a new Node is loaded only once it is there.
if (await onNode24(import.meta.url)) {
  const { launch } = await import('./launch.mjs');
  await launch(process.argv.slice(2));
}
