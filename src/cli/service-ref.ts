import type { Service } from '../shared/contract/services.ts';
import { TenureError } from '../shared/errors.ts';
import { oneLine } from './text.ts';
import type { Cli } from './verb.ts';

/** A watched service by its id or its name. @throws TenureError not_found */
export async function serviceNamed(cli: Cli, given: string): Promise<Service> {
  const services = await cli.call('services.list', {});
  const found = services.find(({ id }) => id === given) ?? services.find(({ name }) => name === given);
  if (found) return found;
  const known = services.map(({ name }) => `"${oneLine(name)}"`).join(', ') || 'none yet; "tenure probe add" adds one';
  throw new TenureError('not_found', `There is no service "${given}"; there are: ${known}.`);
}
