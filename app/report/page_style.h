// How the page looks, and the few lines that move its slider. Neither has a '<' or '&', so that
// the page is XML too.
#pragma once

namespace duel::app {

inline constexpr const char* kPageStyle = R"(
:root { --ink: #1d2733; --soft: #667280; --rule: #e3e6ea; --paper: #f5f6f8; --accent: #2563a8; --bad: #c2303d; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.45;
  font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Arial, sans-serif; font-size: 15px; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 48px; }
h1 { font-size: 27px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 34px 0 12px; }
h3 { font-size: 15.5px; margin: 0 0 4px; }
header p { margin: 4px 0 0; color: var(--soft); }
.card { background: #fff; border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px; margin: 0;
  box-shadow: 0 1px 2px rgba(20, 30, 45, 0.04); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(125px, 1fr)); gap: 12px; margin: 20px 0; }
.tiles .card { padding: 11px 14px; }
.tiles b { display: block; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 16px; }
.charts svg { display: block; width: 100%; height: auto; overflow: visible; }
.charts svg svg { overflow: hidden; }
figcaption { color: var(--soft); font-size: 13px; margin-top: 4px; }
.legend { margin: 0 0 4px; font-size: 13px; display: flex; flex-wrap: wrap; gap: 2px 16px; color: var(--soft); }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
.legend b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.tick-y { text-anchor: end; } .tick-x, .unit { text-anchor: middle; }
.grid { stroke: var(--rule); } .axis, .tick { stroke: #9aa4af; }
.curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.band { opacity: 0.16; } .share { stroke: #fff; stroke-width: 0.6; }
.level { stroke: #4a5563; stroke-width: 1.1; stroke-dasharray: 5 4; fill: none; }
svg .level-name { fill: #1d2733; }
.alarm { fill: var(--bad); opacity: 0.13; } .alarm-mark { fill: var(--bad); }
.alarms { border-left: 4px solid var(--bad); margin-bottom: 16px; } .alarms ul { margin: 6px 0 0; padding-left: 20px; }
.outcome { border-left: 4px solid #9aa4af; margin-top: 20px; } .outcome h3 { margin: 0; }
.outcome p { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.outcome code { display: inline-block; max-width: 100%; }
.outcome.bad { border-left-color: var(--bad); background: #fdf3f4; } .outcome.bad h3 { color: var(--bad); font-size: 18px; }
.outcome.good { border-left-color: #3f9257; }
.note { color: var(--soft); font-size: 14px; margin: 12px 0 0; }
.gallery { display: flex; flex-wrap: wrap; gap: 16px 36px; align-items: flex-start; }
.gallery img { image-rendering: pixelated; border-radius: 4px; max-width: 100%; }
.samples { flex: 0 1 484px; min-width: 0; } .samples img { width: 484px; } .reals img { width: 304px; }
.gallery .hidden { display: none; } .gallery .shown { display: block; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; margin: 10px 0 0; }
.controls input { flex: 1; min-width: 80px; accent-color: var(--accent); }
.controls output { color: var(--soft); font-size: 13.5px; min-width: 150px; font-variant-numeric: tabular-nums; }
button { font: inherit; font-size: 13.5px; padding: 4px 14px; border-radius: 7px; border: 1px solid #b9c2cc;
  background: #fff; color: var(--ink); cursor: pointer; }
.settings { columns: 3 300px; column-gap: 36px; font-size: 13.5px; }
.settings div { display: flex; justify-content: space-between; gap: 12px; border-bottom: 1px solid var(--rule);
  padding: 3px 0; break-inside: avoid; }
.settings span { color: var(--soft); white-space: nowrap; } .settings code { overflow-wrap: anywhere; text-align: right; }
.settings .own code { color: var(--accent); font-weight: 700; }
code, pre, td { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12.5px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 10px 0 0; }
table { border-collapse: collapse; margin-top: 10px; }
th { text-align: left; font-size: 13px; color: var(--soft); font-weight: 500; }
th, td { padding: 3px 22px 3px 0; border-bottom: 1px solid var(--rule); }
details.card { margin-top: 16px; overflow-x: auto; } summary { cursor: pointer; font-weight: 600; }
)";

inline constexpr const char* kPageScript = R"(
const pictures = Array.from(document.querySelectorAll('#pictures img'));
const slider = document.getElementById('slider'), play = document.getElementById('play');
let timer = 0;
function show(index) {
  pictures.forEach((picture, i) => { picture.className = i === index ? 'shown' : 'hidden'; });
  document.getElementById('caption').textContent = pictures[index].alt;
  slider.value = index;
}
function pause() { clearInterval(timer); timer = 0; play.textContent = 'Play'; }
if (slider) {
  slider.oninput = () => { pause(); show(Number(slider.value)); };
  play.onclick = () => {
    if (timer) { pause(); return; }
    play.textContent = 'Pause';
    timer = setInterval(() => show((Number(slider.value) + 1) % pictures.length), 300);
  };
}
)";

}  // namespace duel::app
