import type { Operands } from '../kernel/binding.ts';

/** Is it a path that can be looked at, rather than one that is only known when it runs? */
const isWrittenOut = (path: string): boolean => path.startsWith('/') && !/[\uE000-\uE00F\0]/u.test(path);

export type OperandBook = ReturnType<typeof createOperandBook>;

/** Keeps what the classifier looks at while it looks. */
export function createOperandBook() {
  const leads = new Map<string, string>();
  const programs = new Set<string>();
  const written = new Set<string>();
  const held = new Set<string>();
  const sets = { program: programs, written, held };
  return {
    /** From here on it is the action that is looked at, not the place it runs in. */
    begin: (): void => leads.clear(),
    resolved: (path: string, real: string): void => void leads.set(path, real),
    note: (what: keyof typeof sets, name: string): void => void sets[what].add(name),
    all(tool: string): Operands {
      for (const real of held) if (!leads.has(real)) leads.set(real, real);
      const paths = [...leads]
        .filter(([path, real]) => isWrittenOut(path) && isWrittenOut(real))
        .map(([path, real]) => ({ path, real, held: held.has(real) || !written.has(real) }));
      const names = [...programs].filter(
        (name) => name !== '' && !name.includes('/') && !/[\uE000-\uE00F\0]/u.test(name),
      );
      return { paths, programs: names, runs: tool === 'Bash' || tool === 'Monitor' };
    },
  };
}
