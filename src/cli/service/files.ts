import { join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';

/** launchd's and systemd's name for the engine without a window. */
export const LABEL = 'dev.tenure.daemon';
export const UNIT = 'tenure.service';

/** What the system has to know to start the engine by itself. All paths absolute. */
export interface ServicePlan {
  /** The Node that runs it. */
  node: string;
  /** `scripts/start.mjs` of this checkout: it builds what is stale and starts the engine. */
  script: string;
  /** Of the checkout. */
  root: string;
  /** Nothing is inherited: what the engine needs to find the same folders and the person's programs. */
  env: Readonly<Record<string, string>>;
  logsDir: string;
}

const ARGUMENTS = ['--headless', '--service'];
/** Longer than the engine takes to put everything away. */
const STOP_WITHIN_S = 30;
const AGAIN_AFTER_S = 10;

/** @throws TenureError `invalid` for a text that no service file can hold. */
function plain(text: string): string {
  if (/\p{Cc}/u.test(text)) {
    throw new TenureError(
      'invalid',
      `A service file cannot hold a control character, but there is one in ${JSON.stringify(text)}.`,
    );
  }
  return text;
}

const xml = (text: string): string =>
  plain(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The LaunchAgent: from log-in on, again when it ends badly, without the throttling of background work. */
export function launchAgent({ node, script, root, env, logsDir }: ServicePlan): string {
  const string = (text: string): string => `<string>${xml(text)}</string>`;
  const variables = Object.entries(env).map(([name, value]) => `      <key>${xml(name)}</key>\n      ${string(value)}`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <dict>
    <key>Label</key>
    ${string(LABEL)}
    <key>ProgramArguments</key>
    <array>
${[node, script, ...ARGUMENTS].map((argument) => `      ${string(argument)}`).join('\n')}
    </array>
    <key>WorkingDirectory</key>
    ${string(root)}
    <key>EnvironmentVariables</key>
    <dict>
${variables.join('\n')}
    </dict>
    <key>RunAtLoad</key>
    <true/>
    <key>KeepAlive</key>
    <dict>
      <key>SuccessfulExit</key>
      <false/>
    </dict>
    <key>ThrottleInterval</key>
    <integer>${AGAIN_AFTER_S}</integer>
    <key>ExitTimeOut</key>
    <integer>${STOP_WITHIN_S}</integer>
    <key>ProcessType</key>
    <string>Interactive</string>
    <key>StandardOutPath</key>
    ${string(join(logsDir, 'service.log'))}
    <key>StandardErrorPath</key>
    ${string(join(logsDir, 'service.log'))}
  </dict>
</plist>
`;
}

/** One word of a unit's command line or of `Environment=`: quoted, with systemd's own signs doubled. */
const word = (text: string): string =>
  `"${plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
/** A path that is the whole value of a setting takes no quotes. */
const path = (text: string): string => plain(text).replaceAll('%', '%%');

/** The systemd unit of the person's own manager. */
export function systemdUnit({ node, script, root, env, logsDir }: ServicePlan): string {
  const command = [node, script, ...ARGUMENTS].map((argument) => word(argument).replaceAll('$', '$$$$')).join(' ');
  const variables = Object.entries(env).map(([name, value]) => `Environment=${word(`${name}=${value}`)}`);
  return `[Unit]
Description=Tenure, which runs and gates coding agents

[Service]
ExecStart=${command}
WorkingDirectory=${path(root)}
${variables.join('\n')}
Restart=on-failure
RestartSec=${AGAIN_AFTER_S}
TimeoutStopSec=${STOP_WITHIN_S}
StandardOutput=append:${path(join(logsDir, 'service.log'))}
StandardError=append:${path(join(logsDir, 'service.log'))}

[Install]
WantedBy=default.target
`;
}
