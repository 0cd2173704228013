import { type InputOf, type MethodName, methods, type OutputOf } from '../../shared/contract/index.ts';
import { TenureError } from '../../shared/errors.ts';
import { issueWords } from '../../shared/issue-words.ts';

/** Who calls, as far as it is proved. `name` is what the record keeps. */
export interface Caller {
  owner: boolean;
  name: string;
}

/** A principal of the gateway as a caller; what the record keeps is how the owner was proved. */
export const callerOf = (principal: { kind: string; via?: string }): Caller =>
  principal.kind === 'owner'
    ? { owner: true, name: `owner (${principal.via})` }
    : { owner: false, name: principal.kind };

export type Handlers = {
  [M in MethodName]: (input: InputOf<M>, caller: Caller) => OutputOf<M> | Promise<OutputOf<M>>;
};

const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** The one way in for every host: checks the name, the right and the input, then calls the handler. */
export function createDispatch(handlers: Handlers) {
  /** @throws TenureError not_found, not_allowed, invalid, or what the handler throws. */
  async function call<M extends MethodName>(name: M, input: unknown, caller: Caller): Promise<OutputOf<M>> {
    const method = methods[name];
    if (method.access === 'owner' && !caller.owner) {
      throw new TenureError(
        'not_allowed',
        `"${name}" acts, so it needs the owner: sign in with the owner token, or set TENURE_OWNER_TOKEN for the command line.`,
      );
    }
    const parsed = method.input.safeParse(input, { error: issueWords });
    if (!parsed.success) {
      const what = parsed.error.issues.map((i) => `${i.path.join('.') || 'input'}: ${i.message}`).join('; ');
      throw new TenureError('invalid', `"${name}" was called with the wrong input: ${what}.`);
    }
    return handlers[name](parsed.data as InputOf<M>, caller);
  }

  return {
    call,
    /** For names that come over the wire. */
    callNamed(name: string, input: unknown, caller: Caller): Promise<unknown> {
      if (!isMethod(name)) {
        return Promise.reject(new TenureError('not_found', `There is no method "${name}".`));
      }
      return call(name, input, caller);
    },
  };
}
