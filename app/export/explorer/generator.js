'use strict';
// The generator: latents and images from the weights in the page, without the page's elements. Programs may use it too:
// const generator = makeGenerator(JSON.parse(text of the element "model")).

/** Latents and images of `model`, what `export` wrote into the page. */
function makeGenerator(model) {
  const layers = model.layers.map(readLayer);
  const size = model.latent.size;
  const directions = unpackFloats(model.directions);

  /** The latent of image 0 of `sample --seed`: standard normal, or uniform of the same variance. */
  function latent(seed) {
    const z = new Float32Array(size);
    for (let group = 0; 4 * group < size; ++group) {
      const words = philox([group, 0, model.latent.draw, 0], [seed >>> 0, Math.floor(seed / 4294967296) >>> 0]);
      const values = model.latent.limit > 0 ? uniform(words, model.latent.limit) : normal(words);
      for (let i = 0; i < 4 && 4 * group + i < size; ++i) z[4 * group + i] = values[i];
    }
    return z;
  }

  /** z with the class that the generator is to draw, one-hot; z alone where it reads none. */
  function withClass(z, number) {
    const input = new Float32Array(size + model.classes.length);
    input.set(z);
    if (model.classes.length > 0) input[size + number] = 1;
    return input;
  }

  /** G(z), of z with its class; pixels from 0 to 1 in the order channel, row, column. */
  function image(z) {
    let values = z;
    for (const layer of layers) values = apply(layer, values);
    const { low, high } = model.image;
    return values.map((value) => (value - low) / (high - low));
  }

  /** Direction k, of length 1. */
  function direction(k) {
    return directions.subarray(k * size, (k + 1) * size);
  }

  /** The point at t, 0 to 1, between two latents with their classes, which go straight. */
  function between(a, b, t) {
    const z = pointBetween(a.subarray(0, size), b.subarray(0, size), t);
    return a.map((value, i) => (i < size ? z[i] : (1 - t) * value + t * b[i]));
  }

  return { size, directions: size > 0 ? directions.length / size : 0, image, latent, direction, withClass, between };
}

/** A layer: its matrix is stored as halves, each row divided by its largest value, `scale`. */
function readLayer(layer) {
  const scale = unpackFloats(layer.scale), weight = unpackHalves(layer.weight);
  for (let row = 0, at = 0; row < layer.outputs; ++row) {
    for (let i = 0; i < layer.inputs; ++i) weight[at++] *= scale[row];
  }
  const read = { inputs: layer.inputs, outputs: layer.outputs, weight, bias: unpackFloats(layer.bias),
    activation: activations[layer.activation](layer.slope) };
  return layer.kernel ? readConvolution(read, layer.kernel, layer.upsample) : read;
}

/** The pixels of an image `upsample` times as large fall into classes, by their place in the square that a pixel of the
 * image before became; those of a class meet the same pixels of that one, with the same sums of the kernel's values. */
function readConvolution(layer, kernel, upsample) {
  const channels = layer.inputs / (kernel * kernel), middle = (kernel - 1) / 2, classes = [];
  for (let down = 0; down < upsample; ++down) {
    for (let across = 0; across < upsample; ++across) {
      const taps = new Map();
      for (let ky = 0; ky < kernel; ++ky) {
        for (let kx = 0; kx < kernel; ++kx) {
          const y = Math.floor((down + ky - middle) / upsample), x = Math.floor((across + kx - middle) / upsample);
          if (!taps.has(y + ' ' + x)) taps.set(y + ' ' + x, { y, x, weight: new Float32Array(layer.outputs * channels) });
          const { weight } = taps.get(y + ' ' + x);
          for (let i = 0; i < weight.length; ++i) weight[i] += layer.weight[(i * kernel + ky) * kernel + kx];
        }
      }
      classes.push({ down, across, taps: [...taps.values()] });
    }
  }
  return { ...layer, channels, upsample, classes };
}

const activations = {
  LeakyReLU: (slope) => (x) => (x > 0 ? x : slope * x),
  Tanh: () => Math.tanh,
  Sigmoid: () => (x) => 1 / (1 + Math.exp(-x)),
  '': () => (x) => x,
};

function apply(layer, input) {
  return layer.classes ? convolve(layer, input) : multiply(layer, input);
}

/** Of square images in the order channel, row, column. */
function convolve({ channels, outputs, bias, activation, upsample, classes }, input) {
  const size = Math.round(Math.sqrt(input.length / channels)), pixels = size * size;
  const wide = upsample * size, output = new Float32Array(outputs * wide * wide), plane = new Float32Array(pixels);
  for (let channel = 0; channel < outputs; ++channel) {
    for (const { down, across, taps } of classes) {
      plane.fill(bias[channel]);
      for (const tap of taps) {
        for (let from = 0; from < channels; ++from) {
          addTap(plane, input, from * pixels, size, tap, tap.weight[channel * channels + from]);
        }
      }
      for (let y = 0, at = 0; y < size; ++y) {
        let to = (channel * wide + y * upsample + down) * wide + across;
        for (let x = 0; x < size; ++x, to += upsample) output[to] = activation(plane[at++]);
      }
    }
  }
  return output;
}

/** Adds `weight` times the pixel that lies (y, x) from it to each pixel; those beyond the edges are 0. */
function addTap(plane, input, begin, size, { y: down, x: across }, weight) {
  const top = Math.max(0, -down), bottom = Math.min(size, size - down);
  const left = Math.max(0, -across), right = Math.min(size, size - across);
  for (let y = top; y < bottom; ++y) {
    const row = y * size, from = begin + (y + down) * size + across;
    for (let x = left; x < right; ++x) plane[row + x] += weight * input[from + x];
  }
}

function multiply(layer, input) {
  const { inputs, outputs, weight, bias, activation } = layer;
  const output = new Float32Array(outputs);
  for (let row = 0, at = 0; row < outputs; ++row) {
    let sum = bias[row];
    for (let i = 0; i < inputs; ++i) sum += weight[at++] * input[i];
    output[row] = activation(sum);
  }
  return output;
}

/** The point at t, 0 to 1, between two latents: on the arc around 0, where there is one; else on the line. */
function pointBetween(a, b, t) {
  let product = 0, squareA = 0, squareB = 0;
  for (let i = 0; i < a.length; ++i) {
    product += a[i] * b[i];
    squareA += a[i] * a[i];
    squareB += b[i] * b[i];
  }
  const angle = Math.acos(Math.min(1, Math.max(-1, product / Math.sqrt(squareA * squareB))));
  const sine = Math.sin(angle);
  const isArc = sine > 1e-6;
  const shareA = isArc ? Math.sin((1 - t) * angle) / sine : 1 - t, shareB = isArc ? Math.sin(t * angle) / sine : t;
  return a.map((value, i) => shareA * value + shareB * b[i]);
}

// Philox4x32-10: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
function philox(counter, key) {
  let [c0, c1, c2, c3] = counter, [k0, k1] = key;
  for (let round = 0; round < 10; ++round) {
    const high0 = highProduct(0xd2511f53, c0), low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = highProduct(0xcd9e8d57, c2), low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper 32 bits of a product of two numbers of 32 bits. */
function highProduct(a, b) {
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}

/** In (0, 1): the middle of one of 2^23 intervals. */
function unit(word) {
  return ((word >>> 9) + 0.5) / 8388608;
}

/** G. Box and M. Muller, A note on the generation of random normal deviates (1958). */
function normal(words) {
  return [0, 2].flatMap((i) => {
    const radius = Math.sqrt(-2 * Math.log(unit(words[i]))), angle = 2 * Math.PI * unit(words[i + 1]);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

function uniform(words, limit) {
  return words.map((word) => (2 * unit(word) - 1) * limit);
}

function unpackBytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Floats of 32 bits, little-endian. */
function unpackFloats(base64) {
  const bytes = unpackBytes(base64), view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** Floats of 16 bits (IEEE 754), little-endian. */
function unpackHalves(base64) {
  const bytes = unpackBytes(base64), values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; ++i) {
    const bits = bytes[2 * i] | (bytes[2 * i + 1] << 8);
    const exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const value = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    values[i] = bits & 0x8000 ? -value : value;
  }
  return values;
}
