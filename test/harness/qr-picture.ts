/** Reads the QR out of a picture, as the camera of a phone does. */
import jsQrModule from 'jsqr';
import { PNG } from 'pngjs';

// The package is CommonJS with a default export inside.
const jsQr = jsQrModule as unknown as typeof jsQrModule.default;

/** The text that a PNG's QR encodes. Throws where there is none to read. */
export function readQr(pngBase64: string): string {
  const picture = PNG.sync.read(Buffer.from(pngBase64, 'base64'));
  const found = jsQr(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  if (found === null) throw new Error(`no QR can be read in a picture of ${picture.width} x ${picture.height}`);
  return found.data;
}
