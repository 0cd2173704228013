import type { Configuration } from 'electron-builder';
import { publisherOf } from './packaging/publisher.ts';

/** Of the libraries: what the build has already taken in (`BUNDLED` of `electron.vite.config.ts`), with what they need. */
const TAKEN_IN = [
  '{@hono,hono,zod,croner,node-cron,jsonc-parser,unbash,date-fns}',
  '{@pinojs,pino,pino-abstract-transport,pino-roll,pino-std-serializers,atomic-sleep,on-exit-leak-free}',
  '{process-warning,quick-format-unescaped,safe-stable-stringify,sonic-boom,split2,thread-stream}',
];

/**
 * Not needed at run time, whatever the platform: the database's sources and headers, the Node of `npm start`, an
 * agent, and what is only for who writes or debugs a package.
 */
const NEVER = [
  '!**/node_modules/**/*.{map,ts,cts,mts}',
  ...TAKEN_IN.map((libraries) => `!**/node_modules/${libraries}/**`),
  '!**/node_modules/better-sqlite3/{deps,src}/**',
  '!**/node_modules/node-addon-api/**',
  '!**/node_modules/node-{linux,bin-darwin}-*/**',
  '!**/node_modules/@anthropic-ai/**',
];

/**
 * Of the database's binaries only the one that the packed machine can load. Not in `mac.files` or `linux.files`:
 * where a platform only leaves out, electron-builder takes along the whole folder of the project.
 */
const onlyNative = (platform: NodeJS.Platform): string =>
  `!**/node_modules/better-sqlite3/prebuilds/!(${platform}-\${arch}).node`;

const asked = (what: string): string =>
  `An agent that Tenure runs asks to ${what}. Allow it only if you asked for that.`;

/**
 * How the app is packed. `TENURE_MAC_IDENTITY` names the Developer ID to sign with, and notarises; without one
 * the build is signed ad hoc, for this Mac alone. `TENURE_UPDATE_URL` is where it looks for newer versions;
 * without one it does not. Either makes it a release, which names its publisher: `TENURE_HOMEPAGE` and
 * `TENURE_MAINTAINER`. `TENURE_E2E=1` leaves the inspector in, for tests that drive the packed app. Run with
 * `electron-builder --config electron-builder.config.ts` on the platform that it is for.
 */
export function configFor(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Configuration {
  // electron-builder takes only what stands behind the kind of the certificate; the keychain shows both.
  const identity = env['TENURE_MAC_IDENTITY']?.replace(/^Developer ID Application: /, '') ?? '';
  const signed = identity !== '';
  const updates = env['TENURE_UPDATE_URL'];
  const { homepage, maintainer } = publisherOf(env);
  return {
    appId: 'dev.tenure.app',
    productName: 'Tenure',
    copyright: 'MIT licence',
    directories: { output: 'dist', buildResources: 'resources' },
    files: [
      'out/main/**',
      'out/preload/**',
      'out/renderer/**',
      'resources/tray/**',
      'package.json',
      ...NEVER,
      onlyNative(platform),
    ],
    extraResources: ['LICENSE', 'THIRD_PARTY_NOTICES.md'],
    extraMetadata: {
      // Read by the app: whether the keychain, and an update, will know the next build for the same program.
      signed,
      // A Debian package names one.
      homepage,
    },
    asar: true,
    // Systems load libraries from files, not from inside an archive.
    asarUnpack: ['**/*.node'],
    // The database's binaries are Node-API: the same file serves Node and Electron.
    npmRebuild: false,
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: env['TENURE_E2E'] === '1',
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
      // Needs a keychain item that a differently signed build could not read again.
      enableCookieEncryption: signed,
    },
    // Links only ever show a screen.
    protocols: [{ name: 'Tenure', schemes: ['tenure'], role: 'Viewer' }],
    publish: updates ? [{ provider: 'generic', url: updates, channel: 'latest' }] : null,
    mac: {
      category: 'public.app-category.developer-tools',
      artifactName: 'Tenure-${version}-${arch}.${ext}',
      icon: 'resources/icon.icns',
      // The zip is what an update is made of, the dmg what a person opens.
      target: [
        { target: 'dmg', arch: ['arm64', 'x64'] },
        { target: 'zip', arch: ['arm64', 'x64'] },
      ],
      minimumSystemVersion: '13.0',
      darkModeSupport: true,
      // Never left to chance: without a valid signature macOS shows no notification at all.
      identity: signed ? identity : '-',
      // A certificate that the keychain does not have would else only be warned of.
      forceCodeSigning: signed,
      // Under the hardened runtime an ad hoc signature may not load Electron's own framework.
      hardenedRuntime: signed,
      notarize: signed,
      entitlements: 'resources/entitlements.mac.plist',
      entitlementsInherit: 'resources/entitlements.mac.plist',
      extendInfo: {
        LSUIElement: true,
        NSUserNotificationAlertStyle: 'alert',
        // macOS attributes to Tenure what an agent that it runs asks for; without a sentence it is denied unasked.
        NSAppleEventsUsageDescription: asked('control another program'),
        NSRemindersFullAccessUsageDescription: asked('read and change your reminders'),
        NSCalendarsFullAccessUsageDescription: asked('read and change your calendars'),
        NSDesktopFolderUsageDescription: asked('use files on your desktop'),
        NSDocumentsFolderUsageDescription: asked('use files in your documents'),
        NSDownloadsFolderUsageDescription: asked('use your downloads'),
        NSRemovableVolumesUsageDescription: asked('use files on a removable disk'),
        NSNetworkVolumesUsageDescription: asked('use files on a network disk'),
        NSLocalNetworkUsageDescription: 'Tenure checks the services in your network that you ask it to watch.',
      },
    },
    linux: {
      category: 'Development',
      artifactName: 'Tenure-${version}-${arch}.${ext}',
      icon: 'resources/icons',
      executableName: 'tenure-app',
      maintainer,
      synopsis: 'Coding agents earn their autonomy',
      target: [
        { target: 'AppImage', arch: ['x64', 'arm64'] },
        { target: 'deb', arch: ['x64', 'arm64'] },
      ],
    },
  };
}

export default configFor(process.env);
