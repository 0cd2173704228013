import { useId } from 'react';
import type { AgentQuestion } from '../../../shared/contract/questions.ts';
import type { Picked } from './picked.ts';

interface QuestionFieldsProps {
  question: AgentQuestion;
  picked: Picked;
  /** The options can be chosen by the keys 1, 2, … */
  numbered: boolean;
  off: boolean;
  onPick: (label: string) => void;
  onWrite: (text: string) => void;
}

/** One question: what is asked, the options, and a field for any other answer. */
export function QuestionFields({ question, picked, numbered, off, onPick, onWrite }: QuestionFieldsProps) {
  const id = useId();
  const { options, multiSelect } = question;
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend id={id} className="mb-1.5 wrap-anywhere whitespace-pre-wrap select-text">
        {question.question}
        {multiSelect && <span className="text-ink-3"> Several can be picked.</span>}
      </legend>
      {options.map(({ label, description }, at) => (
        <button
          key={label}
          type="button"
          aria-pressed={numbered ? undefined : picked.labels.includes(label)}
          aria-disabled={off || undefined}
          onClick={() => !off && onPick(label)}
          className="option arm"
        >
          {numbered && (
            <span aria-hidden="true" className="w-3 shrink-0 text-ink-3">
              {at + 1}
            </span>
          )}
          <span className="min-w-0 wrap-anywhere">
            <span className="font-strong">{label}</span>
            {description && <span className="block text-small text-ink-2">{description}</span>}
          </span>
        </button>
      ))}
      <input
        aria-label={options.length === 0 ? question.question : `Another answer to "${question.question}"`}
        placeholder={options.length === 0 ? 'Your answer' : 'Another answer'}
        maxLength={4000}
        value={picked.own}
        onChange={(event) => onWrite(event.currentTarget.value)}
        className="field"
      />
    </fieldset>
  );
}
