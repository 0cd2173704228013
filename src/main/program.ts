import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { pathsOf, type TenurePaths } from '../core/kernel/paths.ts';
import type { Build } from './key-guard.ts';
import { APP_ORIGIN } from './protocol.ts';

/** How this program was started, and where its files are. */
export interface Program extends Build {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  demo: boolean;
  port: number | undefined;
  paths: TenurePaths;
  /** Of Electron's resources, where a packed app has its update address. */
  resources: string;
  rendererDir: string;
  iconsDir: string;
  /** The popover's and the window's pages, where the engine runs in this program. */
  pages: { url: string; preload: string; platform: NodeJS.Platform };
}

/** Whether the builder signed this build with a Developer ID; it writes it into the packed package.json. */
function isSigned(): boolean {
  try {
    const { signed } = JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8')) as { signed?: unknown };
    return signed === true;
  } catch {
    return false;
  }
}

/** @param out the folder of the build. @throws TenureError for a TENURE_HOME that is none. */
export function readProgram(out: string): Program {
  const { platform, env } = process;
  const { values } = parseArgs({
    // A packed app is its own program; a checkout's Electron is told of the checkout first.
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    options: { demo: { type: 'boolean' }, port: { type: 'string' } },
    strict: false,
  });
  const demo = values.demo === true;
  return {
    platform,
    env,
    demo,
    port: typeof values.port === 'string' ? Number(values.port) : undefined,
    paths: pathsOf({ env, platform, home: homedir(), demo }),
    resources: process.resourcesPath,
    signed: isSigned(),
    rendererDir: join(out, 'renderer'),
    iconsDir: join(out, '../resources/tray'),
    pages: { url: `${APP_ORIGIN}/`, preload: join(out, 'preload/index.cjs'), platform },
  };
}
