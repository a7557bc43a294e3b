/** Arguments that many tools share. Short: each description is paid for in every tool that uses it. */
import { z } from 'zod';

/** JID, phone number, wa.me link or a name that fits one chat. */
export const reference = z.string().min(1).max(400);
export const messageId = z.string().min(1).max(128);
export const recipient = reference.describe('JID, phone number or unique chat name');
export const idempotencyKey = z.string().min(1).max(128).optional().describe('Same key within 24 h never sends twice');
export const limit = (most: number): z.ZodOptional<z.ZodInt> => z.int().min(1).max(most).optional();
