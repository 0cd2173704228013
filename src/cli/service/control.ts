import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';
import { LABEL, launchAgent, type ServicePlan, systemdUnit, UNIT } from './files.ts';

export interface Ran {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** What the verb uses of this machine. */
export interface ServiceDoors {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** The person's home directory. */
  home: string;
  uid: number;
  node: string;
  /** The folder of the checkout. */
  root: string;
  /** Runs a program to its end. `exitCode` null: it could not be started. */
  run(command: string, args: readonly string[]): Promise<Ran>;
}

export interface ServiceStatus {
  installed: boolean;
  file: string;
  state: 'running' | 'stopped' | 'failed' | 'unknown';
  pid: number | null;
  sentence: string;
}

/** The system's service manager, for the one service that is ours. */
export interface ServiceControl {
  file: string;
  text(plan: ServicePlan): string;
  /** Takes the file up and starts it. @throws TenureError `refused` in the system's own words. */
  start(): Promise<void>;
  /** Stops it and lets go of the file. What is not there is no failure. */
  stop(): Promise<void>;
  look(): Promise<Omit<ServiceStatus, 'installed' | 'file'>>;
}

const said = ({ stderr, stdout, exitCode }: Ran): string =>
  (stderr.trim() || stdout.trim()).split('\n')[0] || `it ended with ${exitCode ?? 'nothing'}`;

function mustRun(what: string, ran: Ran): void {
  if (ran.exitCode !== 0) throw new TenureError('refused', `${what} refused: ${said(ran)}.`);
}

function launchd({ home, uid, run }: ServiceDoors): ServiceControl {
  const file = join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const target = `gui/${uid}/${LABEL}`;
  const isLoaded = async (): Promise<boolean> => (await run('launchctl', ['print', target])).exitCode === 0;
  const stop = async (): Promise<void> => {
    if (await isLoaded()) mustRun('launchctl bootout', await run('launchctl', ['bootout', target]));
  };
  return {
    file,
    text: launchAgent,
    async start() {
      await stop();
      mustRun('launchctl bootstrap', await run('launchctl', ['bootstrap', `gui/${uid}`, file]));
    },
    stop,
    async look() {
      const ran = await run('launchctl', ['print', target]);
      if (ran.exitCode === null)
        return { state: 'unknown', pid: null, sentence: `launchctl does not run: ${said(ran)}.` };
      if (ran.exitCode !== 0) return { state: 'stopped', pid: null, sentence: 'launchd does not know it.' };
      const pid = /^\s*pid = (\d+)$/m.exec(ran.stdout)?.[1];
      if (pid !== undefined) return { state: 'running', pid: Number(pid), sentence: `It runs as process ${pid}.` };
      const code = /^\s*last exit code = (\d+)/m.exec(ran.stdout)?.[1];
      return code === undefined || code === '0'
        ? { state: 'stopped', pid: null, sentence: 'It is loaded and not running.' }
        : { state: 'failed', pid: null, sentence: `It ended with ${code}; launchd starts it again.` };
    },
  };
}

function systemd({ env, home, run }: ServiceDoors): ServiceControl {
  const given = env['XDG_CONFIG_HOME'];
  const config = given && isAbsolute(given) ? given : join(home, '.config');
  const ctl = (...args: string[]): Promise<Ran> => run('systemctl', ['--user', ...args]);
  return {
    file: join(config, 'systemd', 'user', UNIT),
    text: systemdUnit,
    async start() {
      mustRun('systemctl daemon-reload', await ctl('daemon-reload'));
      mustRun('systemctl enable', await ctl('enable', UNIT));
      mustRun('systemctl restart', await ctl('restart', UNIT));
    },
    async stop() {
      const { state } = await this.look();
      const ran = await ctl('disable', '--now', UNIT);
      if (state === 'running') mustRun('systemctl disable', ran);
    },
    async look() {
      const ran = await ctl('show', UNIT, '--property=ActiveState,MainPID,ExecMainStatus');
      if (ran.exitCode !== 0)
        return { state: 'unknown', pid: null, sentence: `systemd does not answer: ${said(ran)}.` };
      const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(ran.stdout)?.[1] ?? '';
      const pid = Number(value('MainPID'));
      const active = value('ActiveState');
      if (pid > 0) return { state: 'running', pid, sentence: `It runs as process ${pid}.` };
      if (active === 'failed' || active === 'activating') {
        const sentence = `It ended with ${value('ExecMainStatus')}; systemd says ${active}.`;
        return { state: 'failed', pid: null, sentence };
      }
      return { state: 'stopped', pid: null, sentence: 'It is not running.' };
    },
  };
}

/** @throws TenureError `refused` where there is no service manager that we know. */
export function serviceControl(doors: ServiceDoors): ServiceControl {
  if (doors.platform === 'darwin') return launchd(doors);
  if (doors.platform === 'linux') return systemd(doors);
  throw new TenureError('refused', `There is no service for ${doors.platform}: start Tenure with "npm start" there.`);
}

/** Writes it, readable for everybody as the system wants it. @returns whether it says something new. */
export function writeServiceFile(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o644 });
  return true;
}

export const removeServiceFile = (file: string): void => rmSync(file, { force: true });
