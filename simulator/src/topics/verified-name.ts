import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Business } from '../world/types.ts';

/** The certificate that says how a business is called (whatsmeow user.go: parseVerifiedNameContent). */
export function verifiedNameNode({ verifiedName }: Business): BinaryNode {
  const details = proto.VerifiedNameCertificate.Details.encode({ serial: 1, issuer: 'smb:wa', verifiedName }).finish();
  const certificate = proto.VerifiedNameCertificate.encode({ details, signature: new Uint8Array(64) }).finish();
  const attrs = { v: 1, verified_level: 'unknown', serial: 1, host_storage: 1, actual_actors: 1, privacy_mode_ts: 0 };
  return node('verified_name', attrs, certificate);
}
