import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';
import {
  removeServiceFile,
  type ServiceDoors,
  type ServiceStatus,
  serviceControl,
  writeServiceFile,
} from '../service/control.ts';
import { readable } from '../text.ts';
import { type Cli, defineVerb, type Verb } from '../verb.ts';

/** What the engine of the service has to have as this shell has it, to find the same folders and programs. */
const PASSED = ['PATH', 'TENURE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'LANG'];

const AFTER_LOGIN: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'It starts when you log in; after a restart nobody is logged in until you are, or automatic login is on.',
  linux: 'It starts when you log in; "loginctl enable-linger" starts it with the machine.',
};

/** `tenure service …`: the engine without a window, kept running by the system. */
export function serviceVerbs(doors: ServiceDoors): readonly Verb[] {
  async function statusOf(): Promise<ServiceStatus> {
    const control = serviceControl(doors);
    const installed = existsSync(control.file);
    const look = await control.look();
    const sentence = installed ? look.sentence : 'It is not installed: "tenure service install" does that.';
    return { installed, file: control.file, ...look, sentence };
  }

  /** @throws TenureError `conflict` when an engine runs that is not the service's: there would be two. */
  async function refuseSecond(cli: Cli): Promise<void> {
    const engine = await cli.call('state.snapshot', {}).then(
      ({ engine }) => engine,
      () => null,
    );
    if (engine === null || (await statusOf()).pid === engine.pid) return;
    throw new TenureError(
      'conflict',
      `Tenure runs already, as process ${engine.pid} (${engine.host}): quit it first, so that the service can start its own.`,
    );
  }

  const install = defineVerb({
    name: 'service install',
    summary: 'Keep the engine running without a window, from log-in on, by launchd or systemd.',
    example: 'tenure service install',
    async run(cli) {
      const control = serviceControl(doors);
      if (!existsSync(join(cli.paths.dataDir, 'tenure.db'))) {
        const why = 'The first start shows the owner token, which a service has nowhere to show.';
        throw new TenureError('refused', `${why} Start Tenure once with "npm start", then install the service.`);
      }
      await refuseSecond(cli);
      const { node, root } = doors;
      const env = Object.fromEntries(PASSED.flatMap((name) => (doors.env[name] ? [[name, doors.env[name]]] : [])));
      const script = join(root, 'scripts', 'start.mjs');
      const text = control.text({ node, script, root, env, logsDir: cli.paths.logsDir });
      mkdirSync(cli.paths.logsDir, { recursive: true, mode: 0o700 });
      const wasThere = existsSync(control.file);
      writeServiceFile(control.file, text);
      try {
        await control.start();
      } catch (error) {
        // Half installed is worse than not: at the next log-in it would fail unseen.
        if (!wasThere) removeServiceFile(control.file);
        throw error;
      }
      const after = AFTER_LOGIN[doors.platform] ?? '';
      const lines = [
        `Installed ${control.file}.`,
        after,
        'See "tenure service status"; "tenure service remove" undoes it.',
      ];
      return { json: { file: control.file }, text: readable(lines.join('\n')) };
    },
  });

  const status = defineVerb({
    name: 'service status',
    summary: 'Whether the service is installed and runs; exit code 1 when it is and does not.',
    example: 'tenure service status --json',
    async run() {
      const status = await statusOf();
      const text = readable(`${status.sentence}\n${status.file}`);
      return { json: status, text, exitCode: status.installed && status.state !== 'running' ? 1 : 0 };
    },
  });

  const remove = defineVerb({
    name: 'service remove',
    summary: 'Stop the service and take its file away; data and settings stay.',
    example: 'tenure service remove',
    async run(cli) {
      const control = serviceControl(doors);
      const wasThere = existsSync(control.file);
      await control.stop();
      removeServiceFile(control.file);
      const text = wasThere
        ? `Removed ${control.file}. What Tenure knows stays in ${cli.paths.home}.`
        : 'It was not installed.';
      return { json: { removed: wasThere, file: control.file }, text: readable(text) };
    },
  });

  return [install, status, remove];
}
