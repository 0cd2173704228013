import { Component, type ReactNode } from 'react';

interface MishapProps {
  /** What is shown; another one is tried anew. */
  of?: string;
  /** Where it is said: in its place, or above the page where its place is not in sight; or not at all. */
  said?: 'there' | 'above' | 'not';
  children: ReactNode;
}

interface MishapState {
  of: string | undefined;
  broken: boolean;
}

/**
 * Says in the place of a part that it cannot be shown, and leaves the rest of the page as it is. Parts that are
 * loaded only when they are wanted are not to be had while the engine is away, or once it was renewed under the page.
 */
export class Mishap extends Component<MishapProps, MishapState> {
  override state: MishapState = { of: this.props.of, broken: false };

  static getDerivedStateFromProps({ of }: MishapProps, state: MishapState): MishapState | null {
    return of === state.of ? null : { of, broken: false };
  }

  static getDerivedStateFromError(): Partial<MishapState> {
    return { broken: true };
  }

  override render(): ReactNode {
    const { children, said = 'there' } = this.props;
    if (!this.state.broken) return children;
    if (said === 'not') return null;
    const words = (
      <p role="alert" className={said === 'above' ? 'toast' : 'p-3'}>
        <span className="text-bad">This part could not be shown.</span>{' '}
        <button type="button" className="link font-strong" onClick={() => window.location.reload()}>
          Load the page again
        </button>
      </p>
    );
    return said === 'above' ? <div className="toasts">{words}</div> : words;
  }
}
