import { TenureError } from '../shared/errors.ts';

/** So often it is looked again, a second apart. */
const LOOKS = 30;

interface Ways {
  /** Runs the engine here. @throws TenureError `conflict` when one has the folder; then nothing was begun. */
  host(): Promise<void>;
  /** Becomes the icon of the engine that has it. @returns whether it answers. */
  follow(): Promise<boolean>;
  /** For a second. */
  pause(): Promise<void>;
}

/**
 * The engine in here, or else the one that has the folder. One that has only begun, as the service does beside
 * the app at a login, has it before it answers; one that is ending has it a while longer.
 * @throws TenureError `conflict` when it neither answers nor ends.
 */
export async function hostOrFollow({ host, follow, pause }: Ways): Promise<void> {
  for (let looks = 1; ; looks++) {
    try {
      return await host();
    } catch (error) {
      if (!(error instanceof TenureError && error.kind === 'conflict')) throw error;
      if (await follow()) return;
      if (looks === LOOKS) throw error;
    }
    await pause();
  }
}
