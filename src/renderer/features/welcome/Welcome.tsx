import { type ReactNode, useRef, useState } from 'react';
import { isTexts, recall, remember } from '../../remembered.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { closeDialog, say, WELCOME } from '../../ui.ts';
import { AgentStep } from './AgentStep.tsx';
import { DemoDecision } from './DemoDecision.tsx';
import { LoginStep } from './LoginStep.tsx';
import { NotificationStep } from './NotificationStep.tsx';
import { ProjectsStep } from './ProjectsStep.tsx';

interface Step {
  name: string;
  title: string;
  why: string;
  body: () => ReactNode;
}

const STEPS: readonly Step[] = [
  {
    name: 'agent',
    title: 'Find Claude Code',
    why: 'Tenure runs the agent that you have, with your login. It brings none of its own.',
    body: () => <AgentStep />,
  },
  {
    name: 'projects',
    title: 'Choose projects',
    why: 'Only what you add here is ever touched. Everything that an agent does in it passes through you first.',
    body: () => <ProjectsStep />,
  },
  {
    name: 'notifications',
    title: 'Hear of what waits',
    why: 'A question that nobody hears of waits. Send a test and see whether it arrives.',
    body: () => <NotificationStep />,
  },
  {
    name: 'login',
    title: 'Start at login',
    why: 'Schedules and services need Tenure to be there when nobody has opened it.',
    body: () => <LoginStep />,
  },
  {
    name: 'decision',
    title: 'Your first decision',
    why: 'This is what a question looks like. It is a sample: nothing happens, and it counts for nothing.',
    body: () => <DemoDecision />,
  },
];

/** Steps that were left behind, done or skipped. */
const left = (): string[] => recall(WELCOME, isTexts, []);

/** The first steps: four that can be skipped, each with a look at how things are, and a first decision. */
export function Welcome() {
  const first = STEPS.findIndex(({ name }) => !left().includes(name));
  const [at, setAt] = useState(Math.max(0, first));
  const list = useRef<HTMLOListElement>(null);
  const step = STEPS[at];
  if (!step) return null;
  const last = at === STEPS.length - 1;
  const show = (to: number) => {
    setAt(to);
    list.current?.closest('.sheet')?.scrollTo({ top: 0 });
    say(`Step ${to + 1} of ${STEPS.length}: ${STEPS[to]?.title}.`);
  };
  const go = (to: number) => {
    remember(WELCOME, [...new Set([...left(), step.name])]);
    if (to >= STEPS.length) closeDialog();
    else show(to);
  };
  const close = () => {
    remember(WELCOME, [...new Set([...left(), ...(at === 0 ? ['seen'] : [])])]);
    closeDialog();
  };
  return (
    <Dialog title={step.title} onClose={close}>
      <ol ref={list} aria-label="First steps" className="-mt-1 flex gap-1.5">
        {STEPS.map(({ name, title }, n) => (
          <li key={name} aria-current={n === at ? 'step' : undefined} className="flex-1">
            <button
              type="button"
              onClick={() => show(n)}
              aria-label={`Step ${n + 1} of ${STEPS.length}: ${title}`}
              className="block w-full py-1"
            >
              <span className={`block h-1 rounded-full ${n <= at ? 'bg-trust' : 'bg-track'}`} />
            </button>
          </li>
        ))}
      </ol>
      <p className="text-ink-2">{step.why}</p>
      {/* High enough for most of them: Next stays under the pointer. */}
      <div key={step.name} className="flex min-h-72 flex-col gap-3">
        {step.body()}
      </div>
      <DialogActions>
        <Button data-first kind="primary" onClick={() => go(at + 1)}>
          {last ? 'Done' : 'Next'}
        </Button>
        {!last && (
          <Button kind="quiet" onClick={() => go(at + 1)}>
            Skip
          </Button>
        )}
        <Button kind="quiet" className="ml-auto" onClick={() => (at > 0 ? show(at - 1) : close())}>
          {at > 0 ? 'Back' : 'Not now'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
