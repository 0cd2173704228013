import type { Configuration } from 'electron-builder';

/**
 * How the Mac app is packed. `TENURE_MAC_IDENTITY` names the Developer ID to sign with; without one the
 * build is signed ad hoc, for this Mac alone. `TENURE_E2E=1` leaves the inspector in, for tests that
 * drive the packed app. Run with `electron-builder --config electron-builder.config.ts`.
 */
export function configFor(env: Readonly<Record<string, string | undefined>>): Configuration {
  const identity = env['TENURE_MAC_IDENTITY'];
  const signed = identity !== undefined && identity !== '';
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
      // Only the one binary of the database that this Mac can load; its sources are not needed to run.
      '!**/node_modules/better-sqlite3/{deps,src}/**',
      '!**/node_modules/better-sqlite3/prebuilds/!(darwin-${arch}).node',
      // The Node of `npm start`; the app carries Electron's.
      '!**/node_modules/node-{linux,bin-darwin}-*/**',
    ],
    // macOS loads libraries from files, not from inside an archive.
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
    publish: null,
    mac: {
      category: 'public.app-category.developer-tools',
      artifactName: 'Tenure-${version}-${arch}.${ext}',
      target: [
        { target: 'dmg', arch: ['arm64', 'x64'] },
        { target: 'zip', arch: ['arm64', 'x64'] },
      ],
      minimumSystemVersion: '13.0',
      darkModeSupport: true,
      // Never left to chance: without a valid signature macOS shows no notification at all.
      identity: signed ? identity : '-',
      // Under the hardened runtime an ad hoc signature may not load Electron's own framework.
      hardenedRuntime: signed,
      notarize: signed,
      entitlements: 'resources/entitlements.mac.plist',
      entitlementsInherit: 'resources/entitlements.mac.plist',
      extendInfo: {
        LSUIElement: true,
        NSUserNotificationAlertStyle: 'alert',
        NSAppleEventsUsageDescription:
          'An agent that Tenure runs asks to control another program. Allow it only if you asked for that.',
      },
    },
  };
}

export default configFor(process.env);
