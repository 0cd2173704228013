import type { ParameterExpansionPart, ParsedScript, SyntaxNode, Word, WordPart } from 'unbash';
import { forEachChild } from 'unbash';
import { ANY, GAP, isExact, NUMBER, ONE, STAR, withoutAtoms } from './atoms.ts';
import { expandBraces, MOST_BRACED } from './braces.ts';
import { type ActionContext, type Flow, type Look, UNKNOWN } from './look.ts';
import { environmentValue, isSecretName, type Scope } from './scope.ts';

const MOST = 64;
/** Where one of a brace's words goes. */
const HOLE = '\uE006';

export interface WordReader {
  /** The words that one word can become: each alternative a list (none, one or several words). */
  lists(word: Word, scope: Scope): readonly (readonly string[])[];
  /** The texts that it can become where the shell doesn't split (assignments, redirections). */
  values(word: Word, scope: Scope): readonly string[];
  /** Of parts that stand for text (a here-document's body). */
  text(parts: readonly WordPart[], scope: Scope): readonly string[];
}

interface Needs {
  context: ActionContext;
  find: Look['find'];
  /** Runs the script of a substitution and says what it prints. */
  substitute(script: ParsedScript | undefined, text: string, scope: Scope): Flow;
  /** Remembers what a `<(…)` prints and gives it a name. */
  processOf(flow: Flow): string;
  /** False inside a test, which shows nothing of what it looks at. */
  shows(): boolean;
}

/** All combinations of the parts' texts; too many are any text. */
function product(parts: readonly (readonly string[])[]): readonly string[] {
  let found = [''];
  for (const values of parts) {
    if (found.length * values.length > MOST) return [ANY];
    found = found.flatMap((head) => values.map((value) => head + value));
  }
  return [...new Set(found)];
}

const valuesOf = (flow: Flow): readonly string[] => {
  if (flow.kind === 'nothing') return [''];
  if (flow.kind === 'text') return [flow.text.replace(/\n+$/u, '')];
  return flow.kind === 'names' && flow.values.length > 0 ? flow.values : flow.kind === 'names' ? [''] : [ANY];
};

function trimmed(value: string, operator: string, operand: string): string {
  if (operator === '##' && operand === `${STAR}/`) return value.slice(value.lastIndexOf('/') + 1);
  if (operator === '%' && operand === `/${STAR}`) return value.slice(0, Math.max(value.lastIndexOf('/'), 0));
  if (operator === '%' && operand === `.${STAR}` && /\.[^./\uE000]+$/u.test(value))
    return value.replace(/\.[^./]+$/u, '');
  if (!isExact(operand)) return ANY;
  if (operator.startsWith('%')) return value.endsWith(operand) ? value.slice(0, -operand.length || undefined) : value;
  return value.startsWith(operand) ? value.slice(operand.length) : value;
}

/** `$1` may be any of the words given (a `shift` moves them), or nothing. */
function positional(name: string, words: readonly string[] | null): readonly string[] {
  if (!words) return [ANY];
  return words.length < (/\d/u.test(name) ? Number(name) : 1) ? [...words, ''] : words;
}

export function createWords({ context, find, substitute, processOf, shows }: Needs): WordReader {
  function secret(name: string): void {
    if (shows()) find('critical', 'credentials', `Uses $${name}, which holds a secret of the environment.`);
  }

  /** What a variable holds where the line may not have set it yet: its value in the environment. */
  function before(name: string, scope: Scope): readonly string[] {
    if (scope.defined.has(name)) return [];
    if (isSecretName(name)) secret(name);
    const values = environmentValue(name, scope, context);
    // One that the line sets somewhere is none of the environment's: empty until then.
    return scope.variables.get(name) && values[0] === ANY ? [''] : values;
  }

  function variable(name: string, scope: Scope): readonly string[] {
    if (/^[?#]$/u.test(name)) return [NUMBER];
    if (name === '!') return ['%job'];
    if (name === '$') return ['%self'];
    if (name === '-') return [''];
    if (/^(?:[1-9]\d*|[@*])$/u.test(name)) return positional(name, scope.positional);
    if (name === scope.assigning) return [ANY];
    return [...new Set([...(scope.variables.get(name) ?? []), ...before(name, scope)])];
  }

  function parameter(part: ParameterExpansionPart, scope: Scope): readonly string[] {
    const { parameter: name, operation, prefix } = part;
    if (part.index) reader.values(part.index, scope);
    if (prefix === '#') return [NUMBER];
    if (operation) forEachChild(operation, (child) => child.type === 'Word' && reader.values(child, scope));
    if (prefix === '!') return [ANY];
    if (!operation) return variable(name, scope);
    if (operation.type === 'Default') {
      const operand = reader.values(operation.operand, scope);
      if (operation.operator.endsWith('=')) scope.variables.add(name, operand);
      if (operation.operator.endsWith('+')) return [...operand, ''];
      if (operation.operator.endsWith('?')) return variable(name, scope);
      // `:-` stands for an empty value too.
      const base = variable(name, scope).filter((value) => value !== '' || !operation.operator.startsWith(':'));
      return [...new Set([...base, ...operand])];
    }
    const base = variable(name, scope);
    if (operation.type === 'Remove') {
      const operands = reader.values(operation.operand, scope);
      return base.flatMap((value) => operands.map((operand) => trimmed(value, operation.operator, operand)));
    }
    if (operation.type === 'Replace' && operation.operator.length <= 2 && !/[#%]/u.test(operation.operator)) {
      const [pattern, replacement] = [operation.pattern, operation.replacement].map((word) =>
        reader.values(word, scope),
      );
      const [from, to] = [pattern?.[0] ?? ANY, replacement?.[0] ?? ANY];
      if (pattern?.length === 1 && replacement?.length === 1 && isExact(from) && from !== '' && base.every(isExact))
        return base.map((value) =>
          operation.operator === '//' ? value.replaceAll(from, to) : value.replace(from, to),
        );
    }
    if (operation.type === 'Transform' && operation.operand?.value === 'P')
      find('high', 'not_understood', `Uses the expansion ${part.text}, which runs what the variable says.`);
    if (operation.type === 'Unknown')
      find('high', 'not_understood', `Uses the expansion ${part.text}, which only some shells understand.`);
    return [ANY];
  }

  /** Judges every substitution below a part, whatever becomes of its text. */
  function visit(part: SyntaxNode, scope: Scope): void {
    forEachChild(part, (child) => {
      if (
        child.type === 'CommandExpansion' ||
        child.type === 'ProcessSubstitution' ||
        child.type === 'ArithmeticCommandExpansion'
      )
        substitute(child.script, child.text, scope);
      else visit(child, scope);
    });
  }

  function expansion(part: WordPart, scope: Scope): readonly string[] | null {
    if (part.type === 'SimpleExpansion') return variable(part.text.slice(1), scope);
    if (part.type === 'ParameterExpansion') return parameter(part, scope);
    if (part.type === 'CommandExpansion') return valuesOf(substitute(part.script, part.text, scope));
    return null;
  }

  function partValues(part: WordPart, scope: Scope): readonly string[] {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
        return [part.value];
      case 'AnsiCQuoted':
        // Its escapes could write an atom.
        return [withoutAtoms(part.value)];
      case 'DoubleQuoted':
      case 'LocaleString':
        return product(part.parts.map((child) => expansion(child, scope) ?? partValues(child, scope)));
      case 'Glob':
        visit(part, scope);
        return [part.kind === 'star' ? STAR : ONE];
      case 'ArithmeticExpansion':
        visit(part, scope);
        return [/^\$\(\(\s*\d+\s*\)\)$/u.test(part.text) ? part.text.replace(/\D/gu, '') : NUMBER];
      case 'ProcessSubstitution':
        return [
          processOf(substitute(part.script, part.text, part.operator === '>' ? { ...scope, stdin: UNKNOWN } : scope)),
        ];
      case 'ExtendedGlob':
        visit(part, scope);
        find('high', 'not_understood', `Uses the pattern ${part.text}, which runs code in some shells.`);
        return [ANY];
      case 'BraceExpansion':
        visit(part, scope);
        return bracedText(part.text);
      case 'SimpleExpansion':
      case 'ParameterExpansion':
      case 'CommandExpansion':
        // Unquoted: the shell splits what comes out at white space.
        return (expansion(part, scope) ?? [ANY]).map((value) => value.replace(/\s+/gu, GAP));
    }
  }

  const tilde = (word: Word, values: readonly string[]): readonly string[] =>
    word.text.startsWith('~+') ? values.map((value) => `.${value.slice(2)}`) : values;

  const tooManyWords = (): void =>
    find('high', 'not_understood', 'Makes more words out of braces than can be followed.');

  function bracedText(text: string): readonly string[] {
    const words = expandBraces(text);
    // An expansion in it is any text as well, but was looked at by itself.
    if (words.includes(ANY) && !/[$`]/u.test(text)) tooManyWords();
    return words;
  }

  /** Braces make several words, each one of them with the alternatives of what stands around them. */
  function braced(parts: readonly WordPart[], scope: Scope): readonly (readonly string[])[] {
    const isBrace = (part: WordPart): boolean => part.type === 'BraceExpansion';
    const choices = parts.map((part) => partValues(part, scope));
    const braces = parts.flatMap((part, at) => (isBrace(part) ? [choices[at] ?? [ANY]] : []));
    // The words left out would be those that matter.
    if (braces.length > MOST_BRACED || braces.reduce((words, { length }) => words * length, 1) > MOST_BRACED) {
      tooManyWords();
      return [[ANY]];
    }
    const ways = product(parts.map((part, at) => (isBrace(part) ? [HOLE] : (choices[at] ?? [ANY]))));
    const fillings = braces.reduce<readonly string[][]>(
      (found, words) => found.flatMap((head) => words.map((word) => [...head, word])),
      [[]],
    );
    return ways.map((way) =>
      fillings.flatMap((filling) => {
        let at = -1;
        return splitAt(way.replaceAll(HOLE, () => filling[(at += 1)] ?? ANY));
      }),
    );
  }

  const reader: WordReader = {
    values: (word, scope) =>
      word.parts
        ? product(word.parts.map((part) => partValues(part, scope))).map((value) => value.replaceAll(GAP, ' '))
        : tilde(word, [word.value]),
    text: (parts, scope) => product(parts.map((part) => expansion(part, scope) ?? partValues(part, scope))),
    lists(word, scope) {
      const parts = word.parts;
      if (!parts) return [tilde(word, [word.value])];
      if (parts.some((part) => part.type === 'BraceExpansion')) return braced(parts, scope);
      const quoted = parts.some((part) => /Quoted$|^LocaleString$/u.test(part.type));
      return product(parts.map((part) => partValues(part, scope))).map((value) =>
        value === '' && quoted ? [''] : splitAt(value),
      );
    },
  };
  return reader;
}

const splitAt = (value: string): readonly string[] => value.split(GAP).filter((word) => word !== '');
