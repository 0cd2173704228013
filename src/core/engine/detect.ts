import type { Target } from '../../shared/contract/services.ts';
import { createSurroundings } from '../adapters/surroundings.ts';
import { createDetect } from '../detect/service.ts';
import type { EngineOptions } from '../engine.ts';
import type { AgentEnvironment } from '../kernel/ports.ts';

interface DetectChapterOptions extends Pick<EngineOptions, 'ports' | 'env' | 'gatewayUrl'> {
  environment: AgentEnvironment;
  home: string;
  targets(): readonly Target[];
}

/** What runs here and could be watched. */
export function createDetectChapter({ ports, env, environment, home, targets, gatewayUrl }: DetectChapterOptions) {
  const { spawner, sockets } = ports;
  return createDetect({
    places: createSurroundings({
      spawner,
      sockets,
      environment,
      platform: process.platform,
      home,
      dockerHost: env.DOCKER_HOST,
    }),
    targets,
    ownPort: () => Number(new URL(gatewayUrl()).port),
  });
}
