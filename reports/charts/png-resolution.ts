import { crc32 } from 'node:zlib';

const METRES_AN_INCH = 0.0254;
/** Signature (8 bytes) and the IHDR chunk (25 bytes), which comes first in every PNG. */
const HEADER_BYTES = 33;

/** A PNG that says how many of its pixels make an inch (chunk pHYs, PNG specification 11.3.5.3), so that it comes into a document at its size. */
export function withResolution(png: Buffer, pixelsAnInch: number): Buffer {
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  const pixelsAMetre = Math.round(pixelsAnInch / METRES_AN_INCH);
  chunk.writeUInt32BE(pixelsAMetre, 8);
  chunk.writeUInt32BE(pixelsAMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, HEADER_BYTES), chunk, png.subarray(HEADER_BYTES)]);
}
