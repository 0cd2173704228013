export type MarkShape = 'dot' | 'ring' | 'square' | 'diamond' | 'dash';
export type Tone = 'work' | 'trust' | 'human' | 'bad' | 'mute';

const TONES: Readonly<Record<Tone, string>> = {
  work: 'text-work',
  trust: 'text-trust',
  human: 'text-human',
  bad: 'text-bad',
  mute: 'text-ink-3',
};

/** A state by shape and colour. It never stands alone: the word is beside it. */
export function Mark({ shape, tone }: { shape: MarkShape; tone: Tone }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className={`size-2.5 shrink-0 ${TONES[tone]}`}>
      {shape === 'dot' && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {shape === 'ring' && <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.3" />}
      {shape === 'square' && <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />}
      {shape === 'diamond' && <path d="M5 0.3 9.7 5 5 9.7 0.3 5Z" fill="currentColor" />}
      {shape === 'dash' && <rect x="1" y="4" width="8" height="2" rx="1" fill="currentColor" />}
    </svg>
  );
}
