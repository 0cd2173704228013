/** What went wrong in words that a person can act on; the code stays in it. */
export function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused (ECONNREFUSED)';
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection was cut (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name could not be found (${code})`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no way to the host (${code})`;
    case 'CERT_HAS_EXPIRED':
      return 'the certificate has expired (CERT_HAS_EXPIRED)';
    case 'ENOENT':
      return 'there is no such socket (ENOENT)';
    default:
      return code && !message.includes(code) ? `${message} (${code})` : message || 'it failed without a reason';
  }
}
