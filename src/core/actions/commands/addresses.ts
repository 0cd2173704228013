import { isExact, isOpen, plain } from '../atoms.ts';
import type { Command, Look } from '../look.ts';

const TENURE_PORT = 4517;

const portsOf = (look: Look): readonly number[] => [TENURE_PORT, ...(look.context.tenurePorts ?? [])];

/** Does the text name a port on which Tenure answers? */
export function namesTenurePort(text: string, look: Look): boolean {
  return portsOf(look).some((port) => new RegExp(`(?:^|\\D)0*${port}(?:\\D|$)`, 'u').test(text));
}

export function touchesTenure(look: Look, acts: boolean): void {
  if (acts) {
    const text = "Would answer Tenure's own questions or change its settings, which no agent may.";
    look.find('critical', 'acts_on_tenure', text, { hardDeny: true });
  } else look.find('critical', 'touches_tenure', "Talks to Tenure itself, which holds this agent's permissions.");
}

export const isLoopback = (host: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){0,3}|0(?:\.0){0,3}|::1?|\[::1?\]|::ffff:127\..*|0x7f[\da-f]*|2130706433|017700000001|host\.docker\.internal)\.?$/iu.test(
    host,
  );

const isMetadata = (host: string): boolean =>
  /^(?:169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|metadata|100\.100\.100\.200|\[?fd00:ec2::254\]?|2852039166|0xa9fea9fe)\.?$/iu.test(
    host,
  );

/** A machine of the same network: routers, other people's machines, services that trust whoever is inside. */
const isLocalNetwork = (host: string): boolean =>
  /^(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+|\[(?:f[cd][\da-f]{2}|fe[89ab][\da-f]):.*\]|[^.:]+\.(?:local|lan|internal|home|corp|intranet))\.?$/iu.test(
    host,
  );

/** Text that looks like a key would leave the machine. */
export const looksLikeKey = (text: string): boolean => SECRET.test(text);

/** Judges a host and port that something connects to. */
export function judgeHost(host: string, port: string, look: Look, acts = false): void {
  if (namesTenurePort(port, look)) touchesTenure(look, acts);
  if (isMetadata(host))
    look.find('critical', 'credentials', `Asks ${host}, which hands out the credentials of this machine.`);
  else if (isLocalNetwork(host))
    look.find('high', 'local_network', `Reaches ${plain(host)}, a machine of the local network.`);
  if (isOpen(host) || isOpen(port))
    look.find('high', 'unknown_address', 'Connects to an address that is only known when it runs.');
}

/** Text that looks like a key: it would leave the machine inside an address. */
const SECRET =
  /sk-ant-|sk-[A-Za-z0-9]{20}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_|glpat-|AKIA[0-9A-Z]{16}|xox[abprs]-|eyJ[\w-]{10,}\.eyJ|-----BEGIN|AIza[\w-]{30}/u;
const LONGEST = 600;

/** @returns true when the address is on this machine. */
export function judgeUrl(url: string, command: Pick<Command, 'cwd'>, look: Look, acts = false): boolean {
  const scheme = /^([a-z][a-z\d+.-]*):/iu.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'file') {
    look.read(url, command);
    return true;
  }
  const known = scheme === undefined || /^\d/u.test(url.slice(scheme.length + 1)) || /^(?:https?|wss?)$/u.test(scheme);
  if (!known)
    look.find('high', 'odd_address', `Uses the address ${plain(url).slice(0, 120)}, which is no ordinary one.`);
  const start = /^(?:https?|wss?|ftps?):[/\\]*|^[a-z][a-z\d+.-]*:\/\/|^\/\//iu.exec(url)?.[0].length ?? 0;
  const authority = url.slice(start).split(/[/?#\\]/u)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (authority.includes('@')) look.find('high', 'sends_credentials', 'Sends a user name or password in the address.');
  if (isOpen(url) || !isExact(authority))
    look.find(
      'high',
      'unknown_address',
      `Reaches an address that is only known when it runs (${plain(url).slice(0, 120)}).`,
    );
  if (SECRET.test(url)) look.find('critical', 'credentials', 'Sends what looks like a secret in the address.');
  else if (url.length > LONGEST)
    look.find('high', 'carries_data', 'Reaches an address so long that it may carry data out.');
  if (/[[\]{}]/u.test(host) && !/^\[[\d:a-f.]+\](?::\d+)?$/iu.test(host)) {
    look.find('high', 'odd_address', 'Reaches many addresses at once.');
    touchesTenure(look, acts);
  }
  let name = host.replace(/:\d*$/u, '');
  let port = /:(\d+)$/u.exec(host)?.[1] ?? '';
  if (URL.canParse(`http://${host}`)) {
    const parsed = new URL(`http://${host}`);
    name = parsed.hostname;
    port = parsed.port || port;
  }
  judgeHost(name, port, look, acts);
  return isLoopback(name);
}
