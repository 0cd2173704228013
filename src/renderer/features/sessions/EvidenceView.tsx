import type { EvaluationView, Evidence, VerifyResult } from '../../../shared/contract/evidence.ts';
import { count, diff, span } from '../../../shared/format.ts';
import { Command } from '../../ui/Command.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Score } from '../../ui/Score.tsx';
import { Facts, Part } from '../../ui/Screen.tsx';

interface EvidenceProps {
  evidence: Evidence;
  evaluation: EvaluationView | null;
}

/** What we measured, and every step from there to the score. */
export function EvidenceView({ evidence, evaluation }: EvidenceProps) {
  return (
    <Part title="Evidence">
      {evaluation && (
        <p className="flex flex-wrap items-center gap-2">
          <Score evaluation={evaluation} />
          {evaluation.reason}
        </p>
      )}
      <Facts facts={measured(evidence)} />
      {evidence.problem && <p className="text-bad">{evidence.problem}</p>}
      {evidence.steps.length > 0 && (
        <ol className="card list-decimal py-2.5 pr-3 pl-8 text-ink-2 marker:text-ink-3">
          {evidence.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {evidence.verify && <Verify verify={evidence.verify} />}
    </Part>
  );
}

function Verify({ verify }: { verify: VerifyResult }) {
  const passed = verify.exitCode === 0 && !verify.timedOut;
  const how = verify.timedOut
    ? 'timed out'
    : passed
      ? 'passed'
      : `failed with exit code ${verify.exitCode ?? 'unknown'}`;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-center gap-2">
        <Mark shape={passed ? 'dot' : 'square'} tone={passed ? 'trust' : 'bad'} />
        <span className="font-mono text-[0.75rem]">{verify.command}</span>
        <span className="text-ink-2">
          {how} after {span(verify.durationMs)}
        </span>
      </p>
      {verify.tail && <Command text={verify.tail} label={`Last lines of ${verify.command}`} tall />}
    </div>
  );
}

function measured(evidence: Evidence): [string, string | null][] {
  const { commits, filesChanged, uncommittedFiles, historyRewritten, baseCommit, headCommit } = evidence;
  return [
    ['Commits', commits === null ? null : count(commits, 'commit')],
    ['Files', filesChanged === null ? null : count(filesChanged, 'file')],
    ['Lines', diff(evidence.insertions, evidence.deletions)],
    ['Left uncommitted', uncommittedFiles === null ? null : count(uncommittedFiles, 'file')],
    ['History', historyRewritten === null ? null : historyRewritten ? 'rewritten' : 'only added to'],
    ['Range', baseCommit && headCommit && `${baseCommit.slice(0, 10)}..${headCommit.slice(0, 10)}`],
  ];
}
