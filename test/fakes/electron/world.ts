import type { Rectangle } from 'electron';

/** What Electron hands to listeners: `preventDefault` and whether somebody called it. */
export class StandInEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/**
 * What the parts of the stand-in share, and what a test may set before it acts: the platform whose
 * rules hold, the displays, whether notifications work.
 */
export const standIn = {
  /** True in a process that runs the built program, false inside a test's own process. */
  isProgram: process.env['ELECTRON_STAND_IN'] === 'program',
  platform: (process.env['ELECTRON_STAND_IN_PLATFORM'] ?? process.platform) as NodeJS.Platform,
  displays: [display({ x: 0, y: 0, width: 1440, height: 900 })],
  cursor: { x: 720, y: 450 },
  /** `works`, `fails` with an error, or `silent`: neither shown nor failed. */
  notifications: 'works' as 'works' | 'fails' | 'silent',
  onLastWindowClosed: (): void => undefined,
  appIsReady: (): boolean => true,
  /** Told at once, for what cannot be asked afterwards because the program ends. */
  tellDriver: (_what: string, _about: unknown): void => undefined,
  tellApp: (_event: string, ..._args: unknown[]): boolean => false,
};

/** A display with a menubar of 25 points at its top. */
export function display(bounds: Rectangle): { bounds: Rectangle; workArea: Rectangle } {
  return { bounds, workArea: { ...bounds, y: bounds.y + 25, height: bounds.height - 25 } };
}

/** @throws as Electron does when something is used too early. */
export function requireReady(what: string): void {
  if (!standIn.appIsReady()) throw new Error(`${what} cannot be used before the app is ready`);
}
