import type { Snapshot } from '../../src/shared/contract/system.ts';
import { project, session, snapshotOf } from './pretend-scenes.ts';

const MINUTE = 60_000;
const [api, web, ledger, docs, tools] = ['atlas-api', 'atlas-web', 'ledger', 'docs-site', 'tools'].map((name) =>
  project(name),
);

/** Sessions that do not simply work: what they wait for, why they are held, how long they are silent. */
export function watched(): Snapshot {
  if (!api || !web || !ledger || !docs || !tools) throw new Error('there are five projects');
  const now = Date.now();
  const queued = { state: 'queued', phase: 'queued' } as const;
  return snapshotOf({
    projects: [api, web, ledger, docs, tools],
    decisions: [],
    sessions: [
      session('ses_held', ledger, {
        state: 'parked',
        phase: 'waiting',
        held: {
          reason: 'repeating',
          since: now - 4 * MINUTE,
          evidence: [
            'The same call 12 times among its last 15 calls: Running npm test -- --filter checkout.',
            'Nothing in the work tree has changed meanwhile.',
          ],
        },
      }),
      session('ses_blocked', tools, {
        state: 'parked',
        phase: 'waiting',
        attempt: 1,
        problem: 'It ended with signal SIGSEGV and no result.',
        held: {
          reason: 'blocked',
          since: now - 40 * MINUTE,
          evidence: ['It was cut off 2 times.', 'It ended with signal SIGSEGV and no result.'],
        },
      }),
      session('ses_silent', web, {
        stall: {
          lastLineAt: now - 6 * MINUTE,
          endsAt: now + 4 * MINUTE,
          evidence: [
            'The last tool was Bash; none runs now.',
            '3 processes are alive and hold 412 MB of memory; they used no processor time in the last 10 seconds.',
          ],
        },
      }),
      session('ses_limit', api, {
        ...queued,
        waitingFor: 'quota',
        retryAt: now + 95 * MINUTE,
        attempt: 1,
        problem: "You've hit your 5-hour limit · resets 12pm (UTC)",
      }),
      session('ses_memory', docs, { ...queued, waitingFor: 'memory', startedAt: null, costUsd: null }),
      session('ses_service', docs, {
        ...queued,
        waitingFor: 'transient',
        retryAt: now + 2 * MINUTE,
        attempt: 3,
        problem: 'API Error: Repeated 529 Overloaded errors.',
      }),
    ],
  });
}
