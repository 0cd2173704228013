import { readdir, readFile } from 'node:fs/promises';
import type { Spawner } from '../kernel/ports.ts';

const THERMAL = '/sys/class/thermal';
const PRESSURE = '/proc/pressure/memory';
/** Share of the last ten seconds in which some task, and every task, waited for memory. */
const SOME_PERCENT = 10;
const FULL_PERCENT = 10;

interface MachineOptions {
  spawner: Spawner;
  platform: NodeJS.Platform;
  /** Where Linux tells; for tests. */
  root?: string;
}

/** What the machine says about itself beside the figures of `system-info`. What cannot be read is null. */
export function createMachine({ spawner, platform, root = '' }: MachineOptions) {
  let sensors: Promise<string[]> | null = null;

  async function findSensors(): Promise<string[]> {
    const names = await readdir(`${root}${THERMAL}`).catch(() => []);
    return names.filter((name) => name.startsWith('thermal_zone')).map((name) => `${root}${THERMAL}/${name}/temp`);
  }

  async function linuxPressure(): Promise<'normal' | 'warning' | 'critical' | null> {
    const text = await readFile(`${root}${PRESSURE}`, 'utf8').catch(() => null);
    const waited = (who: string): number | null => {
      const value = new RegExp(`^${who} avg10=([\\d.]+)`, 'm').exec(text ?? '')?.[1];
      return value === undefined ? null : Number(value);
    };
    const [some, full] = [waited('some'), waited('full')];
    if (some === null) return null;
    if (full !== null && full >= FULL_PERCENT) return 'critical';
    return some >= SOME_PERCENT ? 'warning' : 'normal';
  }

  /** The kernel's own three levels, the ones that Activity Monitor colours. */
  async function macPressure(): Promise<'normal' | 'warning' | 'critical' | null> {
    const { ok, stdout } = await spawner.run('/usr/sbin/sysctl', ['-n', 'kern.memorystatus_vm_pressure_level'], {
      env: {},
      timeoutMs: 2_000,
    });
    const levels: Readonly<Record<string, 'normal' | 'warning' | 'critical'>> = {
      1: 'normal',
      2: 'warning',
      4: 'critical',
    };
    return ok ? (levels[stdout.trim()] ?? null) : null;
  }

  return {
    /** The hottest sensor in °C; null where none can be read without starting a program. */
    async temperature(): Promise<number | null> {
      if (platform !== 'linux') return null;
      sensors ??= findSensors();
      const texts = await Promise.all((await sensors).map((file) => readFile(file, 'utf8').catch(() => '')));
      const degrees = texts.map((text) => Number(text.trim() || Number.NaN) / 1_000).filter((n) => n > 0 && n < 200);
      return degrees.length === 0 ? null : Math.max(...degrees);
    },
    /** Memory pressure as the system itself judges it. On macOS this starts a program: ask only on demand. */
    pressure: (): Promise<'normal' | 'warning' | 'critical' | null> =>
      platform === 'linux' ? linuxPressure() : platform === 'darwin' ? macPressure() : Promise.resolve(null),
  };
}
