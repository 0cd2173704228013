import type { ShellEngine } from './host.ts';
import type { Native } from './native.ts';

const VERDICTS = ['useful', 'false'] as const;
/** The last buttons of what only tells: was it worth the attention? */
export const VERDICT_LABELS: readonly string[] = ['Useful', 'False alarm'];

/** The person says so on the notification itself; what goes wrong is told. @param index of `VERDICT_LABELS`. */
export function judgeBy(call: ShellEngine['call'], native: Pick<Native, 'show'>, id: string, index: number): void {
  const verdict = VERDICTS[index];
  if (verdict === undefined) return;
  call('alerts.judge', { id, verdict }).catch((error: unknown) => {
    const body = error instanceof Error ? error.message : String(error);
    const note = { id: `${id}:verdict`, groupId: 'news', title: 'That was not written down', body, buttons: [] };
    const nothing = (): void => undefined;
    void native.show(note, { button: nothing, click: nothing });
  });
}
