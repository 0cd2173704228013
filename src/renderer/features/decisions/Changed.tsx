import type { SettingsPreview } from '../../../shared/contract/analytics.ts';
import { count, whole } from '../../../shared/format.ts';
import { Moment } from '../../ui/Time.tsx';

const moved = ({ before, after }: { before: number; after: number }): string =>
  before === after ? `${whole(before)} (as before)` : `${whole(after)} instead of ${whole(before)}`;

/** What other settings would have made of the last 30 days, in a sentence and its newest cases. */
export function Changed({ preview }: { preview: SettingsPreview }) {
  const { compared, unknown, asked, unasked, refused, told, tooLate, quiet, changed, samples } = preview;
  return (
    <div role="status" className="flex flex-col gap-2">
      <p>
        Of {count(compared, 'decision')} of the last 30 days, {changed === 0 ? 'none' : whole(changed)} would have gone
        otherwise: {moved(asked)} would have reached you, {moved(unasked)} gone ahead unasked, {moved(refused)} been
        refused.
        {told.after !== told.before && ` ${moved(told)} would have begun with more than the badge.`}
        {tooLate > 0 && ` Your answer would have come too late to ${count(tooLate, 'question')}.`}
        {quiet > 0 && ` ${count(quiet, 'question')} would have been kept quiet.`}
        {unknown > 0 && ` Of ${whole(unknown)} more too little was kept to tell.`}
      </p>
      {samples.length > 0 && (
        <ul
          aria-label="What would have gone otherwise"
          tabIndex={0}
          className="flex max-h-72 flex-col gap-2 overflow-y-auto"
        >
          {samples.map(({ decisionId, at, project, summary, before, after, why }) => (
            <li key={decisionId}>
              <span className="block truncate font-mono text-[0.75rem]">{summary}</span>
              <span className="text-small text-ink-2">
                {project} · <Moment at={at} /> · {before} → {after}. {why}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
