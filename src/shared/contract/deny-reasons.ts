import { z } from 'zod';
import { DENY_REASONS } from '../deny-words.ts';

export const DenyReason = z.enum(DENY_REASONS);
