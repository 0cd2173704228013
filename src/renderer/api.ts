import type { CallOptions } from '../shared/client.ts';
import type { InputOf, MethodName, OutputOf } from '../shared/contract/index.ts';
import { TenureError } from '../shared/errors.ts';
import { client } from './connect.ts';
import { setLink } from './mirror.ts';

/** Asks or acts; a lost login anywhere leads to the sign-in screen. @throws TenureError */
export async function call<M extends MethodName>(
  method: M,
  input: InputOf<M>,
  options?: CallOptions,
): Promise<OutputOf<M>> {
  try {
    return await client.call(method, input, options);
  } catch (error) {
    if (error instanceof TenureError && error.kind === 'unauthenticated') setLink({ state: 'signed-out' });
    throw error;
  }
}

/** The sentence to show for whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof TenureError) return error.message;
  return `Something unexpected happened in this page: ${String(error)}`;
}
