export { blobLimits, BlobStore, BlobStoreFull, type BlobStoreOptions, type Found, type StoredBlob } from './blob-store.ts';
export { decryptMedia, encryptMedia, MediaCipherError, mediaKeys, sha256, type EncryptedMedia, type MediaType } from './cipher.ts';
export { answerServerError, fileOf, openServerError, sealMediaRetry, type MediaRetryAnswer, type RetryCiphertext } from './retry.ts';
export { mediaHandler, type MediaRequest, type MediaResponse, type MediaRoutesOptions } from './routes.ts';
