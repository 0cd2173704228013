import type { EvaluationView, Evidence } from '../../../shared/contract/evidence.ts';
import { Score } from '../../ui/Score.tsx';
import { Part } from '../../ui/Screen.tsx';
import { EvidenceParts } from './EvidenceParts.tsx';
import { History } from './History.tsx';
import { JudgePart } from './JudgePart.tsx';
import { RatingButtons } from './RatingButtons.tsx';
import { RECOMMENDATION_WORDS } from './words.ts';

interface VerdictProps {
  sessionId: string;
  evaluation: EvaluationView | null;
}

/** What a session's work is worth, in a sentence: the score, what comes next, and the person's own word. */
export function Verdict({ sessionId, evaluation }: VerdictProps) {
  if (!evaluation) return null;
  return (
    <Part title="Evaluation">
      <div className="card flex flex-col gap-3 p-3">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Score evaluation={evaluation} />
          <span className="wrap-anywhere">{evaluation.reason}</span>
        </p>
        <Next evaluation={evaluation} />
        <RatingButtons sessionId={sessionId} rating={evaluation.rating} />
      </div>
    </Part>
  );
}

/** What the verdict rests on: each point, the judge, what was measured, and every evaluation before. */
export function Grounds({ sessionId, evaluation, evidence }: VerdictProps & { evidence: Evidence }) {
  return (
    <>
      {evaluation && <Lists evaluation={evaluation} />}
      {evaluation?.judge && <JudgePart judge={evaluation.judge} dimensions={evaluation.dimensions} />}
      <EvidenceParts evidence={evidence} />
      {evaluation && (
        <History
          sessionId={sessionId}
          version={`${evaluation.id} ${evaluation.rating?.at} ${evaluation.rating?.rating}`}
        />
      )}
    </>
  );
}

function Next({ evaluation: { recommendation } }: { evaluation: EvaluationView }) {
  if (recommendation === null) return null;
  const { name, meaning } = RECOMMENDATION_WORDS[recommendation];
  return (
    <p>
      <span className="text-ink-2">Next: </span>
      <span className="font-strong">{name}.</span> {meaning}
    </p>
  );
}

function Lists({ evaluation }: { evaluation: EvaluationView }) {
  const lists = [
    ['Accomplished', evaluation.accomplishments],
    ['Failed', evaluation.failures],
    ['Open', evaluation.openQuestions],
  ] as const;
  const shown = lists.filter(([, sentences]) => sentences.length > 0);
  if (shown.length === 0) return null;
  return (
    <Part title="What went well, what did not">
      <div className="card grid grid-cols-[repeat(auto-fit,minmax(13rem,1fr))] gap-x-6 gap-y-3 p-3">
        {shown.map(([name, sentences]) => (
          <div key={name}>
            <h3 className="text-small text-ink-3">{name}</h3>
            <ul className="flex list-disc flex-col gap-0.5 pl-4 marker:text-ink-3">
              {[...new Set(sentences)].map((sentence) => (
                <li key={sentence} className="wrap-anywhere select-text">
                  {sentence}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Part>
  );
}
