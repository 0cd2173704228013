import { Ladder } from '../../ui/Ladder.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

/** The page has lost its proof of the owner; only the login page can give a new one. */
export function SignedOut() {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-3 p-6 text-center">
      <Ladder level={null} className="h-10 w-12" />
      <h1 className="mt-1 text-title font-strong">Signed out</h1>
      <p className="max-w-80 text-balance text-ink-2">
        Sign in with the owner token, or run <code className="font-mono text-[0.75rem] text-ink">npx tenure open</code>{' '}
        for a link that does it.
      </p>
      <a href="/login" className="button button-primary">
        Sign in
      </a>
    </main>
  );
}

/** While nothing is known yet. It shows only when that takes long enough to be seen. */
export function Waiting() {
  return (
    <main aria-busy="true" className="stage">
      <div className="popover gap-4 p-4">
        <h1 className="late font-normal text-ink-2">Looking for Tenure…</h1>
        <Skeleton rows={2} label="Looking for Tenure" />
        <Skeleton rows={3} label="Looking for sessions" />
      </div>
    </main>
  );
}

/** Nobody has answered since the page was opened. */
export function Nobody({ retry }: { retry: () => void }) {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-3 p-6 text-center">
      <Ladder level={null} className="h-10 w-12" />
      <h1 className="mt-1 text-title font-strong">Tenure does not answer</h1>
      <p role="alert" className="max-w-80 text-balance text-ink-2">
        The engine is not running, or it is just starting. This page keeps trying.
      </p>
      <button type="button" className="button button-plain" onClick={retry}>
        Try now
      </button>
    </main>
  );
}
