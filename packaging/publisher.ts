/** Who gives the program out: packages name somebody to turn to. */
export interface Publisher {
  /** `https://…` */
  homepage: string;
  /** `Name <mail@domain>` */
  maintainer: string;
}

/** Of a build for this machine alone. RFC 2606 keeps the name out of the world: nobody can be taken for it. */
export const NOBODY: Publisher = {
  homepage: 'https://tenure.invalid',
  maintainer: 'Nobody, a local build <nobody@tenure.invalid>',
};

/** Names that RFC 2606 and 6761 set aside: an address there reaches nobody. */
const NO_PLACE = /(?:^|\.)(?:invalid|example|test|localhost|local|example\.(?:com|net|org))$/;

const HOMEPAGE = 'TENURE_HOMEPAGE, the https address of the page about the program';
const MAINTAINER = 'TENURE_MAINTAINER, a name and a mail address as in "Ada Lovelace <ada@lovelace.dev>"';

function isHomepage(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.hostname.includes('.') && !NO_PLACE.test(url.hostname);
}

function isMaintainer(text: string): boolean {
  const domain = /^[^<>]*\p{L}[^<>]* <[^\s<>@]+@([^\s<>@]+\.[^\s<>@]+)>$/u.exec(text)?.[1];
  return domain !== undefined && !NO_PLACE.test(domain.toLowerCase());
}

/**
 * What is given out (signed for others, or looking for updates, or said to be by `TENURE_RELEASE=1`) names its
 * publisher; a local build may do without.
 * @throws Error that names everything that is missing or reaches nobody.
 */
export function publisherOf(env: Readonly<Record<string, string | undefined>>): Publisher {
  const given = { homepage: env['TENURE_HOMEPAGE'] ?? '', maintainer: env['TENURE_MAINTAINER'] ?? '' };
  const isRelease =
    env['TENURE_RELEASE'] === '1' || Boolean(env['TENURE_MAC_IDENTITY']) || Boolean(env['TENURE_UPDATE_URL']);
  const wrong = [
    ...(isHomepage(given.homepage) || (given.homepage === '' && !isRelease) ? [] : [[HOMEPAGE, given.homepage]]),
    ...(isMaintainer(given.maintainer) || (given.maintainer === '' && !isRelease)
      ? []
      : [[MAINTAINER, given.maintainer]]),
  ].map(([what, got]) => `${what}, but got ${got === '' ? 'nothing' : `"${got}"`}`);
  if (wrong.length > 0) {
    throw new Error(`${isRelease ? 'A release names' : 'A package names'} its publisher: ${wrong.join('; ')}.`);
  }
  return { homepage: given.homepage || NOBODY.homepage, maintainer: given.maintainer || NOBODY.maintainer };
}
