import type { z } from 'zod';

/**
 * Who may call a method: `read` needs the local read token, `owner` needs proof of the owner
 * (an Electron gesture, a logged-in browser, or the owner token).
 */
export type Access = 'read' | 'owner';

export interface Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  kind: 'query' | 'command';
  access: Access;
  summary: string;
  input: I;
  output: O;
}

interface MethodParts<I extends z.ZodType, O extends z.ZodType> {
  summary: string;
  input: I;
  output: O;
}

/** A question: changes nothing, needs the read token. */
export function query<I extends z.ZodType, O extends z.ZodType>(parts: MethodParts<I, O>): Method<I, O> {
  return { kind: 'query', access: 'read', ...parts };
}

/** An act: changes something, needs the owner. */
export function command<I extends z.ZodType, O extends z.ZodType>(parts: MethodParts<I, O>): Method<I, O> {
  return { kind: 'command', access: 'owner', ...parts };
}
