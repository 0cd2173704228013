/** Names of files that hold credentials more often than not. Examples of such files do not. */
const SECRET_FILE =
  /^(\.env(\..*)?|.*\.env|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.htpasswd|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519).*|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)|.*(secret|credential|password|service[-_]?account).*|kubeconfig|.*\.tfvars(\.json)?|.*\.tfstate(\..*)?)$/i;
const SECRET_FOLDER = /^(\.ssh|\.aws|\.gnupg|\.kube|\.docker|secrets?|credentials?)$/i;
const EXAMPLE = /[.-](example|sample|template|dist|pub)$/i;

/** Does a path look as if it held a secret? */
export function looksSecret(path: string): boolean {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  return folders.some((folder) => SECRET_FOLDER.test(folder)) || (SECRET_FILE.test(name) && !EXAMPLE.test(name));
}

/** What a person should know who declares such files for new work trees by name; null: nothing. */
export function includeWarning(patterns: readonly string[]): string | null {
  const secrets = patterns.filter((pattern) => looksSecret(pattern) && !/[*?[]/.test(pattern));
  if (secrets.length === 0) return null;
  return `${secrets.join(', ')} may hold secrets: every agent that works on this project gets a copy.`;
}
