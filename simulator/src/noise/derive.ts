import { hkdfSync } from 'node:crypto';

/**
 * Bytes that depend on the seed and a label only, so that a simulator started again on the same
 * seed has the same certificates, identities and keys.
 */
export function derive(seed: number, label: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', String(seed), 'wa-sim', label, length));
}
