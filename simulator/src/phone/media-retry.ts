import { randomBytes } from 'node:crypto';
import { seconds } from '../exchange/clock.ts';
import { answerServerError, MediaCipherError } from '../media/index.ts';
import type { RetryCiphertext } from '../media/index.ts';
import type { WorldMessage } from '../world/types.ts';
import { attr, bytesOf, child, descend, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Handset } from './handset.ts';

/** Bytes of the nonce of a media retry. */
const NONCE_BYTES = 12;
/** The phone has no such file (whatsmeow mediaretry.go: ErrMediaNotAvailableOnPhone). */
const NOT_AVAILABLE = 2;

/** A linked device could not download a file: the phone uploads it again and tells the new path. */
export function answerMediaRetry(handset: Handset, receipt: BinaryNode): void {
  const { exchange, account } = handset;
  const from = jidAttr(receipt, 'from');
  const device = from === undefined ? undefined : exchange.directory.device(from);
  const about = child(receipt, 'rmr');
  if (device === undefined || about === undefined || account.person !== exchange.world.owner) return;
  const answer = renew(handset, receipt, messageAbout(handset, receipt, about));
  const result =
    answer === undefined
      ? node('error', { code: NOT_AVAILABLE })
      : node('encrypt', {}, [node('enc_p', {}, answer.ciphertext), node('enc_iv', {}, answer.iv)]);
  // Clients find the answer by the id of the message, which stands where other notifications have their own.
  const attrs = { from: account.pn, type: 'mediaretry', id: attr(receipt, 'id'), t: seconds(exchange.clock) };
  device.deliver(node('notification', attrs, [result, about]));
}

function messageAbout({ exchange }: Handset, receipt: BinaryNode, about: BinaryNode): WorldMessage | undefined {
  const chat = exchange.world.chat(jidAttr(about, 'jid')?.bare.toString() ?? '');
  if (chat === undefined) return undefined;
  const log = exchange.world.messagesOf(chat);
  return log.at(log.indexOf(attr(receipt, 'id') ?? ''));
}

function renew({ exchange }: Handset, receipt: BinaryNode, message: WorldMessage | undefined): RetryCiphertext | undefined {
  if (message === undefined) return undefined;
  const sealed = { ciphertext: bytesOf(descend(receipt, 'encrypt', 'enc_p')), iv: bytesOf(descend(receipt, 'encrypt', 'enc_iv')) };
  try {
    return answerServerError(message, sealed, { store: exchange.blobs, iv: randomBytes(NONCE_BYTES) });
  } catch (error) {
    // Who does not know the media key of the message gets the same answer as for a message without a file.
    if (error instanceof MediaCipherError) return undefined;
    throw error;
  }
}
