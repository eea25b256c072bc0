// What a page of a run does: the slider of its pictures, and the values under the pointer in its charts. It listens on
// the document, so that what takes the place of a part of the page is served too. It has no '<' or '&', so that the
// page is XML too.
#pragma once

namespace duel::app {

inline constexpr const char* kPageScript = R"(
const byId = id => document.getElementById(id);
const pictures = () => Array.from(document.querySelectorAll('#pictures img'));
let timer = 0;
function show(index) {
  pictures().forEach((picture, i) => { picture.className = i === index ? 'shown' : 'hidden'; });
  byId('caption').textContent = pictures()[index].alt;
  byId('slider').value = index;
}
function pause() { clearInterval(timer); timer = 0; if (byId('play')) byId('play').textContent = 'Play'; }
function play() {
  byId('play').textContent = 'Pause';
  timer = setInterval(() => show((Number(byId('slider').value) + 1) % pictures().length), 300);
}
document.addEventListener('input', event => {
  if (event.target.id === 'slider') { pause(); show(Number(event.target.value)); }
});
document.addEventListener('click', event => {
  if (event.target.id === 'play') { if (timer) pause(); else play(); }
});

const chartOf = target => target instanceof Element ? target.closest('.charts figure') : null;
const numbers = text => text.trim().split(' ').map(one => one === '-' ? NaN : Number(one));
const whole = value => Math.round(value).toLocaleString('en-US');
let read = null;
function add(to, name, attributes) {
  const element = to.appendChild(document.createElementNS(to.namespaceURI, name));
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
}
function unread() {
  if (!read) return;
  read.figure.querySelectorAll('.mark').forEach(mark => mark.remove());
  read.figure.querySelectorAll('.legend b').forEach((value, i) => { value.textContent = read.values[i]; });
  const when = read.figure.querySelector('.when');
  when.textContent = 'iteration';
  when.classList.remove('on');
  read = null;
}
/** Shows the values of a chart at an iteration. */
function readAt(figure, x) {
  const legend = Array.from(figure.querySelectorAll('.legend b')), svg = figure.querySelector('svg');
  const curves = Array.from(svg.querySelectorAll('[data-curve]'));
  if (curves.length === 0) return;
  if (!read || read.figure !== figure) {
    unread();
    read = { figure: figure, values: legend.map(value => value.textContent) };
  }
  figure.querySelectorAll('.mark').forEach(mark => mark.remove());
  const [low, high, first, last] = numbers(svg.dataset.x), [bottom, top, from, to] = numbers(svg.dataset.y);
  const scaled = value => svg.dataset.log ? Math.log(value) : value;
  const xOf = value => first + (value - low) / (high - low) * (last - first);
  const yOf = value => from + (scaled(value) - scaled(bottom)) / (scaled(top) - scaled(bottom)) * (to - from);
  const nearestOf = (all, to) => all.reduce((best, one, i) => Math.abs(all[best] - to) > Math.abs(one - to) ? i : best, 0);
  const longest = curves.map(curve => numbers(curve.dataset.xs)).sort((a, b) => b[b.length - 1] - a[a.length - 1]);
  const xs = longest[0], nearest = nearestOf(xs, x);
  read.xs = xs;
  read.index = nearest;
  add(svg, 'line', { class: 'cursor mark', x1: xOf(xs[nearest]), x2: xOf(xs[nearest]), y1: from, y2: to });
  for (const curve of curves) {
    const own = numbers(curve.dataset.xs), index = nearestOf(own, xs[nearest]);
    const isOver = xs[nearest] > own[own.length - 1] + (own[own.length - 1] - own[0]) / own.length;
    const value = isOver ? NaN : numbers(curve.dataset.ys)[index], isShare = curve.classList.contains('share');
    const text = Number(value.toPrecision(3)).toString().replace('-', '−');
    legend[curve.dataset.curve].textContent = isNaN(value) ? '–' : isShare ? Math.round(100 * value) + ' %' : text;
    if (isShare || isNaN(value)) continue;
    add(svg, 'circle', { class: 'point mark', r: 4, cx: xOf(own[index]), cy: Math.min(Math.max(yOf(value), to), from),
      style: 'fill:' + curve.style.stroke });
  }
  const when = svg.querySelector('.when');
  when.textContent = 'iteration ' + whole(xs[nearest]);
  when.classList.add('on');
}
function point(event) {
  const figure = chartOf(event.target), svg = figure ? figure.querySelector('svg') : null;
  if (!svg || !svg.contains(event.target)) { unread(); return; }
  const [low, high, first, last] = numbers(svg.dataset.x), box = svg.getBoundingClientRect();
  const at = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
  readAt(figure, low + (at - first) / (last - first) * (high - low));
}
document.addEventListener('pointermove', point);
document.addEventListener('pointerdown', point);
document.addEventListener('pointerleave', unread);
document.addEventListener('focusout', unread);
document.addEventListener('keydown', event => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key], figure = chartOf(event.target);
  if (!step || !figure) return;
  const isHere = read ? read.figure === figure : false;
  readAt(figure, isHere ? read.xs[Math.min(Math.max(read.index + step, 0), read.xs.length - 1)] : Number.MAX_VALUE);
  event.preventDefault();
});
)";

}  // namespace duel::app
