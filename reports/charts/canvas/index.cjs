'use strict';
// The part of the `canvas` package's interface that chartjs-node-canvas 5 calls, over @napi-rs/canvas, whose binaries come through npm:
// no compiler and no system library is needed. PDF and streams are not offered.
const napi = require('@napi-rs/canvas');

const SVG = 'image/svg+xml';

/** A canvas of width x height pixels; type 'svg' records vector drawing, with text as paths, so that a viewer needs no font. */
function createCanvas(width, height, type) {
  if (type === 'pdf') throw new Error('canvas adapter: expected an image or "svg" canvas, got "pdf"');
  const canvas =
    type === 'svg'
      ? napi.createCanvas(width, height, napi.SvgExportFlag.ConvertTextToPaths)
      : napi.createCanvas(width, height);
  const { toBuffer, toDataURL } = canvas;

  canvas.toBuffer = (...given) => {
    const callback = given.find((argument) => typeof argument === 'function');
    const mimeType = given.find((argument) => typeof argument === 'string') ?? (type === 'svg' ? SVG : 'image/png');
    if (!callback) return mimeType === SVG ? canvas.getContent() : toBuffer.call(canvas, mimeType);
    return later(
      async () => (mimeType === SVG ? canvas.getContent() : canvas.encode(mimeType.slice('image/'.length))),
      callback,
    );
  };
  canvas.toDataURL = (mimeType, callback) => {
    if (!callback) return toDataURL.call(canvas, mimeType);
    return later(() => canvas.toDataURLAsync(mimeType), callback);
  };
  return canvas;
}

/** Calls back in node's way, outside the promise, so that an error thrown by the callback is not taken for one of the work. */
function later(work, callback) {
  work().then(
    (result) => setImmediate(callback, null, result),
    (error) => setImmediate(callback, error),
  );
}

/** Makes a font file known under a family name; weight and style are read from the file itself. */
function registerFont(file, { family }) {
  if (!napi.GlobalFonts.registerFromPath(file, family)) throw new Error(`${file}: not a font that can be read`);
}

module.exports = { createCanvas, registerFont, Image: napi.Image };
