/**
 * Secrets out of text before it is stored or logged. Broad on purpose: a false hit costs a few
 * stars, a miss costs a key (traps.md T-047).
 */
const PATTERNS: readonly RegExp[] = [
  /\bsk-ant-[A-Za-z0-9_-]{8,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\btnr_[a-z]+_[A-Za-z0-9_-]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=\bBearer\s+)[A-Za-z0-9._~+/-]{16,}=*/gi,
  /(?<=:\/\/[^\s/:@]{1,64}:)[^\s/@]{3,}(?=@)/g,
  /(?<=\b(?:password|passwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token)\b["']?\s*(?:=|:|is)\s*["']?)[^\s"',;]{6,}/gi,
];

export const REDACTED = '[redacted]';

/** A cheap look first: most lines hold none of these words. */
const SUSPICIOUS =
  /sk-|tnr_|gh[pousr]_|github_pat_|glpat-|npm_|xox|AKIA|ASIA|AIza|eyJ|PRIVATE KEY|bearer|:\/\/[^\s/]*@|passw|secret|api[_-]?key|token/i;

/** The same text with whatever looks like a credential replaced. */
export function redact(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return PATTERNS.reduce((out, pattern) => out.replace(pattern, REDACTED), text);
}
