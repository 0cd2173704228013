import type { Reason } from '../../shared/contract/decisions.ts';
import { classedAs, RISKS, type Risk } from '../../shared/policy.ts';

/** One thing seen in an action: how grave it is, a stable code and a sentence for a person. */
export interface Finding extends Reason {
  risk: Risk;
  /** Cannot be taken back once it has happened. */
  irreversible?: boolean;
  /** Nobody can be asked about this: it never runs. */
  hardDeny?: boolean;
}

export interface Settled {
  risk: Risk;
  reasons: Reason[];
  irreversible: boolean;
  hardDeny: Reason | null;
}

/** The graver of two risks. */
export const graverOf = (a: Risk, b: Risk): Risk => (RISKS.indexOf(a) >= RISKS.indexOf(b) ? a : b);

/** What nobody understood may well be irreversible. */
const UNCLEAR = /^(?:unknown_|not_understood|too_)/u;

const rank = (finding: Finding): number => RISKS.indexOf(finding.risk) * 2 + (finding.hardDeny ? 1 : 0);

/** The worst finding decides; reasons come gravest first, each one once. No finding at all is not a pass: high. */
export function settle(given: readonly Finding[], classes: Readonly<Record<string, Risk>> = {}): Settled {
  const findings = given.map((finding) => {
    const risk = classedAs(finding.code, finding.risk, classes);
    // What cannot be undone, or never runs, counts as no less than it is.
    return { ...finding, risk: finding.irreversible || finding.hardDeny ? graverOf(finding.risk, risk) : risk };
  });
  const sorted = findings.toSorted((a, b) => rank(b) - rank(a));
  const worst = sorted[0] ?? { risk: 'high', code: 'not_understood', text: 'Nothing is known about this action.' };
  const reasons = new Map<string, Reason>();
  for (const { code, text } of sorted.length > 0 ? sorted : [worst]) reasons.set(`${code} ${text}`, { code, text });
  const denied = sorted.find((finding) => finding.hardDeny);
  return {
    risk: worst.risk,
    reasons: [...reasons.values()],
    irreversible: findings.some((finding) => finding.irreversible || UNCLEAR.test(finding.code)),
    hardDeny: denied ? { code: denied.code, text: denied.text } : null,
  };
}
