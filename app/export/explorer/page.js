'use strict';
// The page's elements around the generator.
(() => {
  const byId = (id) => document.getElementById(id);
  const model = JSON.parse(byId('model').textContent);
  const generator = makeGenerator(model);
  const names = model.classes;
  const side = model.image.size, farthest = 3.5, frames = 11, moreSamples = 36;

  const state = { seed: 0, number: 0, truncation: 1, offsets: new Array(generator.directions).fill(0), t: 0.5 };
  let first, second, timer = 0, moreBegin = 1;

  // Drawing: what is due is done in small portions, so that sliders stay smooth; the newest wish for a canvas counts.

  const due = new Map();
  let isScheduled = false;

  function draw(canvas, latent) {
    due.delete(canvas);
    due.set(canvas, latent);
    if (!isScheduled) requestAnimationFrame(work);
    isScheduled = true;
  }

  function work() {
    const begin = performance.now();
    for (const [canvas, latent] of due) {
      due.delete(canvas);
      paint(canvas, generator.image(latent()));
      if (performance.now() - begin > 10) break;
    }
    isScheduled = due.size > 0;
    if (isScheduled) requestAnimationFrame(work);
  }

  function paint(canvas, pixels) {
    canvas.width = canvas.height = side;
    const context = canvas.getContext('2d'), data = context.createImageData(side, side), plane = side * side;
    for (let i = 0; i < plane; ++i) {
      for (let c = 0; c < 3; ++c) data.data[4 * i + c] = Math.round(255 * pixels[model.image.channels === 3 ? c * plane + i : i]);
      data.data[4 * i + 3] = 255;
    }
    context.putImageData(data, 0, 0);
  }

  // Latents.

  function moved(seed, offsets) {
    const z = generator.latent(seed);
    offsets.forEach((offset, k) => {
      if (offset !== 0) generator.direction(k).forEach((value, i) => { z[i] += offset * value; });
    });
    return z;
  }

  const asked = (z, number = state.number) => generator.withClass(z.map((value) => state.truncation * value), number);
  const current = () => asked(moved(state.seed, state.offsets));

  /** How far the seed's own latent lies along direction k. */
  function along(k) {
    const z = generator.latent(state.seed);
    return generator.direction(k).reduce((sum, value, i) => sum + value * z[i], 0);
  }

  function withDirection(k, value) {
    const offsets = state.offsets.slice();
    offsets[k] = value - along(k);
    return asked(moved(state.seed, offsets));
  }

  // The picture and the directions.

  const rows = [];

  function makeDirections() {
    for (let k = 0; k < generator.directions; ++k) {
      const row = document.createElement('div');
      row.className = 'direction';
      row.innerHTML = '<canvas aria-hidden="true"></canvas><label><span>' + (k + 1) + ' <output></output></span>' +
        '<input type="range" step="0.05" aria-label="Direction ' + (k + 1) + '"></label><canvas aria-hidden="true"></canvas>';
      const [low, high] = row.querySelectorAll('canvas'), input = row.querySelector('input');
      input.min = -farthest;
      input.max = farthest;
      input.addEventListener('input', () => {
        state.offsets[k] = Number(input.value) - along(k);
        show(k);
      });
      byId('directions').append(row);
      rows.push({ low, high, input, output: row.querySelector('output') });
    }
  }

  /** Shows the state; `mover`: the direction whose slider is being moved. */
  function show(mover = -1) {
    draw(byId('picture'), current);
    rows.forEach((row, k) => {
      const value = along(k) + state.offsets[k];
      if (k !== mover) row.input.value = value;
      row.output.textContent = value.toFixed(1).replace(/^-0\.0$/, '0.0').replace('-', '−');
      if (k === mover) return;  // its ends stay
      draw(row.low, () => withDirection(k, -farthest));
      draw(row.high, () => withDirection(k, farthest));
    });
    showClasses();
    byId('seed').value = state.seed;
    byId('truncation').value = state.truncation;
    byId('truncation-text').textContent = state.truncation.toFixed(2);
    const isMoved = state.offsets.some((offset) => offset !== 0);
    const ofClass = names.length > 0 ? ', class ' + names[state.number] : '';
    byId('spoken').textContent = 'Seed ' + state.seed + ofClass + (isMoved ? ', moved along directions' : '');
    remember(isMoved);
  }

  /** The address names the picture, so that a link or a reload shows it again. */
  function remember(isMoved) {
    const words = new URLSearchParams({ seed: state.seed });
    if (state.number > 0) words.set('class', state.number);
    if (state.truncation !== 1) words.set('truncation', state.truncation);
    if (isMoved) words.set('moved', state.offsets.map((offset) => offset.toFixed(2)).join(' '));
    try { history.replaceState(null, '', '#' + words); } catch (error) { /* a page without an address */ }
  }

  function recall() {
    const words = new URLSearchParams(location.hash.slice(1));
    const seed = Number(words.get('seed') ?? NaN), truncation = Number(words.get('truncation') ?? NaN);
    if (Number.isSafeInteger(seed) && seed >= 0) state.seed = seed;
    if (truncation >= 0 && truncation <= 1.5) state.truncation = truncation;
    const number = Number(words.get('class') ?? NaN);
    if (Number.isInteger(number) && number >= 0 && number < names.length) state.number = number;
    (words.get('moved') ?? '').split(' ').forEach((text, k) => {
      const offset = Number(text);
      if (k < state.offsets.length && Math.abs(offset) <= 100) state.offsets[k] = offset;
    });
  }

  function choose(seed) {
    state.seed = Math.min(Math.max(0, Math.floor(seed) || 0), Number.MAX_SAFE_INTEGER);
    state.offsets.fill(0);
    show();
  }

  const randomSeed = () => Math.floor(Math.random() * 1e6);

  function save() {
    const scale = Math.max(1, Math.round(512 / side)), canvas = document.createElement('canvas');
    canvas.width = canvas.height = side * scale;
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = byId('smooth').checked;
    context.drawImage(byId('picture'), 0, 0, canvas.width, canvas.height);
    const link = document.createElement('a');
    link.download = 'seed' + state.seed + '.png';
    link.href = canvas.toDataURL('image/png');
    link.click();
  }

  // Classes, where the generator reads any.

  function makeClasses() {
    for (const id of ['class-row', 'classes-card', 'class-key']) byId(id).hidden = names.length === 0;
    names.forEach((name, number) => {
      byId('class').append(new Option(name, number));
      const button = document.createElement('button'), word = document.createElement('span');
      button.type = 'button';
      button.title = name;
      word.textContent = name;
      button.append(document.createElement('canvas'), word);
      button.addEventListener('click', () => chooseClass(number));
      byId('classes').append(button);
    });
  }

  function showClasses() {
    byId('class').value = state.number;
    byId('classes').querySelectorAll('button').forEach((button, number) => {
      button.setAttribute('aria-pressed', number === state.number);
      draw(button.firstChild, () => asked(moved(state.seed, state.offsets), number));
    });
  }

  function chooseClass(number) {
    if (names.length === 0) return;
    state.number = number % names.length;
    show();
    showMore();
  }

  // Between two samples.

  function makeStrip() {
    for (let i = 0; i < frames; ++i) byId('strip').insertBefore(document.createElement('canvas'), byId('needle'));
    const strip = byId('strip');
    const follow = (event) => {
      const box = strip.getBoundingClientRect();
      moveTo(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    };
    strip.addEventListener('pointerdown', (event) => {
      pause();
      strip.setPointerCapture(event.pointerId);
      follow(event);
    });
    strip.addEventListener('pointermove', (event) => { if (strip.hasPointerCapture(event.pointerId)) follow(event); });
  }

  function showEnds() {
    draw(byId('first'), () => first);
    draw(byId('second'), () => second);
    byId('strip').querySelectorAll('canvas').forEach((canvas, i) => {
      draw(canvas, () => generator.between(first, second, i / (frames - 1)));
    });
    moveTo(state.t);
  }

  function moveTo(t) {
    state.t = t;
    draw(byId('middle'), () => generator.between(first, second, state.t));
    byId('position').value = t;
    byId('share').textContent = Math.round(100 * t) + ' %';
    byId('needle').style.left = 100 * t + '%';
  }

  function pause() {
    cancelAnimationFrame(timer);
    timer = 0;
    byId('play').textContent = 'Play';
    byId('play').setAttribute('aria-pressed', 'false');
  }

  function play() {
    if (timer) return pause();
    byId('play').textContent = 'Pause';
    byId('play').setAttribute('aria-pressed', 'true');
    const begin = performance.now() - 4000 * Math.acos(1 - 2 * state.t) / Math.PI;
    const step = (now) => {
      moveTo((1 - Math.cos(Math.PI * (now - begin) / 4000)) / 2);
      timer = requestAnimationFrame(step);
    };
    timer = requestAnimationFrame(step);
  }

  // More samples.

  function makeMore() {
    for (let i = 0; i < moreSamples; ++i) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(document.createElement('canvas'));
      button.addEventListener('click', () => {
        choose(moreBegin + i);
        byId('picture').scrollIntoView({ block: 'nearest', behavior: isCalm() ? 'auto' : 'smooth' });
      });
      byId('more').append(button);
    }
  }

  function showMore() {
    byId('more').querySelectorAll('button').forEach((button, i) => {
      button.title = button.ariaLabel = 'Seed ' + (moreBegin + i);
      draw(button.firstChild, () => asked(generator.latent(moreBegin + i)));
    });
  }

  const isCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

  // Keys and buttons.

  const others = () => { moreBegin = randomSeed(); showMore(); };
  const reset = () => { state.offsets.fill(0); show(); };
  const keys = { r: () => choose(randomSeed()), ArrowLeft: () => choose(state.seed - 1), ArrowRight: () => choose(state.seed + 1),
    0: reset, ' ': play, n: others, s: save, c: () => chooseClass(state.number + 1) };

  addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input[type="number"], select');
    const isSliding = event.target.matches('input[type="range"]') && event.key.startsWith('Arrow');
    const isPressing = event.target.matches('button, input[type="checkbox"]') && event.key === ' ';
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || isTyping || isSliding || isPressing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  const onClick = { random: keys.r, previous: keys.ArrowLeft, next: keys.ArrowRight, reset, play, others, save,
    'take-first': () => { first = current(); showEnds(); }, 'take-second': () => { second = current(); showEnds(); } };
  for (const [id, act] of Object.entries(onClick)) byId(id).addEventListener('click', act);
  byId('class').addEventListener('change', () => chooseClass(Number(byId('class').value)));
  byId('seed').addEventListener('change', () => choose(Number(byId('seed').value)));
  byId('truncation').addEventListener('input', () => {
    state.truncation = Number(byId('truncation').value);
    show();
    showMore();
  });
  byId('position').addEventListener('input', () => { pause(); moveTo(Number(byId('position').value)); });
  byId('smooth').addEventListener('change', () => document.body.classList.toggle('smooth', byId('smooth').checked));

  recall();
  makeClasses();
  makeDirections();
  makeStrip();
  makeMore();
  show();
  first = current();
  second = asked(generator.latent(state.seed + 1), names.length > 0 ? (state.number + 1) % names.length : 0);
  showEnds();
  showMore();
})();
