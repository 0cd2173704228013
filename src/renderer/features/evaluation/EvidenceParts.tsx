import type { Evidence, Flag, VerifyResult } from '../../../shared/contract/evidence.ts';
import { count, diff, span } from '../../../shared/format.ts';
import { Command } from '../../ui/Command.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Facts, Part } from '../../ui/Screen.tsx';
import { ATTRIBUTION_WORDS } from './words.ts';

/** What we measured, what a person should look at, and every step from there to the score. */
export function EvidenceParts({ evidence }: { evidence: Evidence }) {
  return (
    <>
      {evidence.flags.length > 0 && <Flags flags={evidence.flags} />}
      <Part title="Evidence">
        <Facts facts={measured(evidence)} />
        {evidence.problem && <p className="text-bad">{evidence.problem}</p>}
        {evidence.verify && <Verified evidence={evidence} after={evidence.verify} />}
        {evidence.steps.length > 0 && (
          <ol
            aria-label="Steps of the score"
            className="card list-decimal py-2.5 pr-3 pl-8 text-ink-2 marker:text-ink-3"
          >
            {evidence.steps.map((step) => (
              <li key={step} className="wrap-anywhere">
                {step}
              </li>
            ))}
          </ol>
        )}
      </Part>
    </>
  );
}

function Flags({ flags }: { flags: readonly Flag[] }) {
  return (
    <Part title="To look at">
      <ul className="card divide-y divide-line">
        {flags.map(({ code, text, paths, cap }) => (
          <li key={code} className="flex items-start gap-2 px-3 py-2">
            <span className="flex h-4.5 items-center">
              <Mark shape={cap === null ? 'ring' : 'diamond'} tone={cap === null ? 'mute' : 'human'} />
            </span>
            <div className="min-w-0 flex-1">
              <p className="wrap-anywhere">
                {text}
                {cap !== null && <span className="text-ink-2"> No score above {cap}.</span>}
              </p>
              {paths.length > 0 && (
                <p className="font-mono text-[0.75rem] text-ink-2 wrap-anywhere select-text">{paths.join(', ')}</p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Verified({ evidence: { verifyBefore, attribution }, after }: { evidence: Evidence; after: VerifyResult }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="font-mono text-[0.75rem] wrap-anywhere select-text">{after.command}</p>
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        <Verify name="Before" result={verifyBefore} />
        <Verify name="After" result={after} />
      </ul>
      {attribution && <p className="text-ink-2">{ATTRIBUTION_WORDS[attribution]}</p>}
      {after.tail && <Command text={after.tail} label={`Last lines of ${after.command}`} tall />}
      {verifyBefore?.tail && attribution !== 'held' && (
        <details>
          <summary className="text-ink-2">What it printed before the session</summary>
          <Command text={verifyBefore.tail} label={`Last lines of ${after.command} before the session`} tall />
        </details>
      )}
    </div>
  );
}

function Verify({ name, result }: { name: string; result: VerifyResult | null }) {
  const passed = result?.exitCode === 0 && !result.timedOut;
  return (
    <li className="flex items-center gap-2">
      <Mark
        shape={result === null ? 'ring' : passed ? 'dot' : 'square'}
        tone={result === null ? 'mute' : passed ? 'trust' : 'bad'}
      />
      <span className="text-ink-2">{name}:</span> {howOf(result, passed)}
    </li>
  );
}

function howOf(result: VerifyResult | null, passed: boolean): string {
  if (result === null) return 'not run';
  const how = result.timedOut
    ? 'timed out'
    : passed
      ? 'passed'
      : `failed with exit code ${result.exitCode ?? 'unknown'}`;
  const ready = result.setUp ? `, set up in ${span(result.setUp.durationMs)}` : '';
  return `${how} after ${span(result.durationMs)}${ready}`;
}

function measured(evidence: Evidence): [string, string | null][] {
  const { commits, filesChanged, uncommittedFiles, historyRewritten, baseCommit, headCommit, tests, secrets, named } =
    evidence;
  return [
    ['Commits', commits === null ? null : count(commits, 'commit')],
    ['Files', filesChanged === null ? null : count(filesChanged, 'file')],
    ['Lines', diff(evidence.insertions, evidence.deletions)],
    ['Left uncommitted', uncommittedFiles === null ? null : count(uncommittedFiles, 'file')],
    ['Tests', tests && testsOf(tests)],
    ['Named by the prompt', named && namedOf(named)],
    ['Credentials', secrets && (secrets.length === 0 ? 'none seen' : count(secrets.length, 'line'))],
    ['History', historyRewritten === null ? null : historyRewritten ? 'rewritten' : 'only added to'],
    ['Range', baseCommit && headCommit && `${baseCommit.slice(0, 10)}..${headCommit.slice(0, 10)}`],
  ];
}

function testsOf({ added, removed, skipped, unknownFiles }: NonNullable<Evidence['tests']>): string {
  const parts = [
    added > 0 && `${added} added`,
    removed > 0 && `${removed} removed`,
    skipped > 0 && `${skipped} switched off`,
    unknownFiles > 0 && `${count(unknownFiles, 'file')} unknown`,
  ].filter(Boolean);
  return parts.length === 0 ? 'none added or removed' : parts.join(', ');
}

function namedOf(named: NonNullable<Evidence['named']>): string {
  if (named.length === 0) return 'no file';
  return `${named.filter(({ touched }) => touched).length} of ${count(named.length, 'file')} changed`;
}
