import { registerHooks } from 'node:module';
import { obeyDriver } from './control.ts';

obeyDriver();
// `node --import register.ts out/main/index.js` runs the built program with the stand-in for Electron.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('index.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
