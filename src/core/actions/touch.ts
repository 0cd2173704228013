import type { Risk } from '../../shared/policy.ts';
import { ANY, BELOW, isOpen, plain, STAR } from './atoms.ts';
import type { ActionContext, Look, Mark, ReadHow } from './look.ts';
import { isWithin, type Location, locate, protectionsOf, type Spot, shortPath, spotsOf } from './paths.ts';
import { BUILD_DIRS, BUILD_FILES } from './places.ts';

type Find = Look['find'];
type Cwds = { readonly cwd: readonly string[] };

const UNKNOWN_PATH = 'a path that is only known when it runs';
const SINK = /^\/dev\/(?:null|zero|full|u?random|tty|std(?:in|out|err)|fd\/\d+)$/u;

const READING: Readonly<Record<Location, Risk>> = {
  tree: 'read',
  project: 'read',
  tools: 'read',
  system: 'read',
  temp: 'read',
  home: 'high',
  elsewhere: 'high',
  device: 'critical',
  tenure: 'critical',
};
const WRITING: Readonly<Record<Location, Risk>> = {
  tree: 'low',
  project: 'high',
  tools: 'high',
  system: 'critical',
  temp: 'high',
  home: 'high',
  elsewhere: 'high',
  device: 'critical',
  tenure: 'critical',
};
const WHERE: Readonly<Record<Location, string>> = {
  tree: 'inside the work tree',
  project: "in the project's own checkout, outside the work tree",
  tools: 'in the home directory, outside the work tree',
  system: 'in the system, outside the work tree',
  temp: 'outside the work tree',
  home: 'in the home directory, outside the project',
  elsewhere: 'outside the project',
  device: 'a device',
  tenure: "which is Tenure's own",
};
/** Parts of the system that a person may write to without being an administrator. */
const SHARED = /^\/(?:usr\/local|opt|applications|homebrew)\//u;

/** Does a build or a tool make this again by itself? `path` is relative to the work tree. */
function isBuildOutput(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.some((part) => BUILD_DIRS.has(part)) || BUILD_FILES.test(parts.at(-1) ?? '');
}

/** What lies in a place as a whole: `dir/*` and `dir/**` are the directory. */
function wholeOf(real: string): string {
  return real.replace(new RegExp(`(?:/(?:${STAR}|${BELOW}|\\.${STAR}))+$`, 'u'), '') || '/';
}

/** Judges what an action does to files: one finding for each place and each protection. */
export function createTouch(context: ActionContext, find: Find): Pick<Look, 'read' | 'write' | 'remove' | 'inTree'> {
  const short = (spot: Spot): string => shortPath(spot.real, context);
  const holds = (outer: string, inner: string): boolean => isWithin(inner, outer, context);

  function protect(verb: string, spot: Spot, kind: 'read' | 'write', least: Risk | null, mark: Mark = {}): void {
    const { location, path } = locate(spot.real, context);
    for (const place of protectionsOf(location, path)) {
      const risk = place[kind];
      if (risk && (least === null || risk === least))
        find(risk, place.code, `${verb} ${short(spot)}, ${place.what}.`, mark);
    }
  }

  function read(value: string, command: Cwds, how: ReadHow = {}): void {
    if (value === '') return;
    for (const spot of spotsOf(value, command.cwd, context)) {
      const { location, path } = locate(spot.real, context);
      if (SINK.test(spot.real)) continue;
      if (!how.names && !spot.open) context.note?.('held', spot.real);
      const verb = how.names ? 'Lists' : 'Reads';
      if (spot.open) find('high', 'unknown_path', `${verb} ${UNKNOWN_PATH} (${plain(value)}).`);
      if (location === 'tenure') find('critical', 'touches_tenure', `${verb} ${short(spot)}, ${WHERE.tenure}.`);
      else if (!spot.open) {
        const code = READING[location] === 'read' ? 'reads' : 'reads_outside';
        find(READING[location], code, `${verb} ${short(spot)}${location === 'tree' ? '' : `, ${WHERE[location]}`}.`);
      }
      if (!how.names) protect(verb, spot, 'read', null);
      const whole = wholeOf(spot.real);
      const sweeps = [context.home, ...context.tenurePaths].some((inner) => whole !== inner && holds(whole, inner));
      if (how.recursive && (sweeps || whole === context.home) && !holds(context.worktree, whole)) {
        if (how.names) find('high', 'sweeps', `Searches everything below ${plain(whole)}.`);
        else find('critical', 'sweeps', `Reads everything below ${plain(whole)}, credentials included.`);
      }
      if (how.recursive && !how.names && /^\/(?:private\/)?(?:etc|var|root|proc|sys|run)?$/u.test(whole))
        find('high', 'sweeps', `Reads everything below ${plain(whole)}.`);
      if (path === '/dev/mem') find('critical', 'device', 'Reads the memory of the machine.');
    }
  }

  function write(value: string, command: Cwds): void {
    if (value === '') return;
    for (const spot of spotsOf(value, command.cwd, context)) {
      const { location, path } = locate(spot.real, context);
      if (SINK.test(spot.real)) continue;
      context.note?.('written', spot.real);
      if (spot.open) find('high', 'unknown_path', `Writes to ${UNKNOWN_PATH} (${plain(value)}).`);
      if (location === 'device')
        find('critical', 'device', `Writes straight to the device ${short(spot)}.`, {
          irreversible: true,
          hardDeny: true,
        });
      else if (location === 'tenure') find('critical', 'touches_tenure', `Writes ${short(spot)}, ${WHERE.tenure}.`);
      else if (location === 'tree') {
        if (!spot.open) find('low', 'edits_worktree', `Writes ${short(spot)} inside the work tree.`);
      } else {
        const risk = location === 'system' && SHARED.test(path) ? 'high' : WRITING[location];
        find(risk, 'writes_outside', `Writes ${short(spot)}, ${WHERE[location]}.`);
      }
      const made = location === 'tree' && isBuildOutput(path) && !/\/(?:node_modules|\.?venv\/bin)\//u.test(path);
      protect('Writes', spot, 'write', made ? 'critical' : null);
    }
  }

  function removeSpot(value: string, spot: Spot, recursive: boolean): void {
    const lost = { irreversible: true };
    const { location, path } = locate(spot.real, context);
    if (SINK.test(spot.real)) return;
    const whole = wholeOf(spot.real);
    if (spot.open) {
      const bare = recursive && value.startsWith(`${ANY}/`);
      const text = `Deletes ${UNKNOWN_PATH} (${plain(value)}).`;
      return find(bare ? 'critical' : 'high', 'deletes_unknown', text, lost);
    }
    if (whole === '/')
      return find('critical', 'deletes_disk', 'Deletes everything on this machine.', { ...lost, hardDeny: recursive });
    const roots = [context.worktree, context.project, context.home, ...context.tenurePaths];
    const root = roots.find((inner) => holds(whole, inner));
    if (root !== undefined)
      return find('critical', 'deletes_root', `Deletes ${shortPath(whole, context)} with everything in it.`, lost);
    if (location === 'tenure')
      return find('critical', 'touches_tenure', `Deletes ${short(spot)}, ${WHERE.tenure}.`, lost);
    if (location === 'tree' && isBuildOutput(path)) {
      find('low', 'deletes_build_output', `Deletes ${short(spot)}, which a build makes again.`);
      return protect('Deletes', spot, 'write', 'critical', lost);
    }
    protect('Deletes', spot, 'write', null, lost);
    if (location === 'tree')
      return find('high', 'deletes', `Deletes ${short(spot)}, which no build makes again.`, lost);
    const grave = location === 'system' || location === 'device' || (recursive && location !== 'temp');
    find(grave ? 'critical' : 'high', 'deletes_outside', `Deletes ${short(spot)}, ${WHERE[location]}.`, lost);
  }

  return {
    read,
    write,
    remove(value, command, recursive) {
      if (value === '') return;
      for (const spot of spotsOf(value, command.cwd, context, false)) {
        context.note?.('written', spot.real);
        removeSpot(value, spot, recursive);
      }
    },
    inTree: (command) =>
      command.cwd.every(
        (cwd) => !isOpen(cwd) && locate(spotsOf(cwd, ['/'], context)[0]?.real ?? '/', context).location === 'tree',
      ),
  };
}
