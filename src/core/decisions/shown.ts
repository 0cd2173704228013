import type { ActionView, Reason } from '../../shared/contract/decisions.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import { redact, redactorFor } from '../kernel/redact.ts';

const HIDDEN: Reason = {
  code: 'redacted',
  text: 'What looks like a credential is not kept and shown as [redacted]; an answer holds for exactly what was asked.',
};

/**
 * What is kept and shown of an action: the same without credentials, and a last reason that says so where
 * there were some. The hash stays that of the original.
 */
export function shownOf(
  { tool, summary, detail, cwd, changes, files }: ClassifiedAction,
  reasons: readonly Reason[],
): { action: ActionView; reasons: Reason[] } {
  // A summary and a reason are cut, so the whole text tells what in them is the beginning of a credential.
  const redactCut = redactorFor(`${summary}\n${detail}`);
  // A credential over the edge of a text is found in the whole of them.
  const texts = changes.map(({ before, after }) => ({
    before: before === null ? null : redactCut(before),
    after: redactCut(after),
  }));
  const shown = {
    action: {
      tool,
      summary: redactCut(summary),
      detail: redact(detail),
      cwd,
      ...(texts.length > 0 && { changes: texts }),
      ...(files.length > 0 && { files: files.map(redactCut) }),
    },
    reasons: reasons.map(({ code, text }) => ({ code, text: redactCut(text) })),
  };
  const isHidden =
    shown.action.summary !== summary ||
    shown.action.detail !== detail ||
    shown.reasons.some(({ text }, at) => text !== reasons[at]?.text);
  return isHidden ? { ...shown, reasons: [...shown.reasons, HIDDEN] } : shown;
}
