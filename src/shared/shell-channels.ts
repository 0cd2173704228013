/** The names under which the preload and the shell speak; both ends read them here. */
export const SHELL_CHANNELS = { hide: 'shell:hide', openWindow: 'shell:open-window', pin: 'shell:pin' } as const;
