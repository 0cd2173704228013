/** The closed set of ways in which a request can fail. */
export const ERROR_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  not_allowed: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  expired: 410,
  refused: 422,
  unavailable: 503,
  internal: 500,
} as const;

export type ErrorKind = keyof typeof ERROR_STATUS;

/**
 * An expected failure. The message is a whole sentence that names the thing, what was expected and
 * what was got; it is shown to people as it is.
 */
export class TenureError extends Error {
  override readonly name = 'TenureError';
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** RFC 9457 problem details, as the gateway sends them. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  kind: ErrorKind;
  detail: string;
}

export function problemOf(error: TenureError): Problem {
  return {
    type: `urn:tenure:problem:${error.kind}`,
    title: error.kind.replaceAll('_', ' '),
    status: ERROR_STATUS[error.kind],
    kind: error.kind,
    detail: error.message,
  };
}
