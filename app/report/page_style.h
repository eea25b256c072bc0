// How a page of a run looks. It has no '<' or '&', so that the page is XML too.
#pragma once

namespace duel::app {

inline constexpr const char* kPageStyle = R"(
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5f6b79; --rule: #e3e6ea; --axis: #9aa4af; --paper: #f5f6f8;
  --card: #fff; --accent: #2563a8; --bad: #c2303d; --bad-card: #fdf3f4; --good: #3f9257; --level: #4a5563;
  --real: #2563a8; --generated: #d9722e; --both: #5b4a9c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #9ba6b4; --rule: #2c343f; --axis: #66717e; --paper: #12161c; --card: #1a2029;
    --accent: #7db4f0; --bad: #f0737d; --bad-card: #2b1c20; --good: #62bd7d; --level: #aeb8c4;
    --real: #6aa9ec; --generated: #f0975a; --both: #a897ea; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.45;
  font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Arial, sans-serif; font-size: 15px; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 48px; }
h1 { font-size: 27px; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 34px 0 12px; }
h3 { font-size: 15.5px; margin: 0 0 4px; }
header p { margin: 4px 0 0; color: var(--soft); overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 14px 0 0; font-size: 14px; }
.facts dt { color: var(--soft); font-size: 12.5px; } .facts dd { margin: 0; overflow-wrap: anywhere; }
.facts .good { color: var(--good); } .facts .bad { color: var(--bad); }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px; margin: 0;
  box-shadow: 0 1px 2px rgba(20, 30, 45, 0.04); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(125px, 1fr)); gap: 12px; margin: 20px 0; }
.tiles .card { padding: 11px 14px; }
.tiles b { display: block; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 16px; }
.charts figure { min-width: 0; }
.charts svg { display: block; width: 100%; height: auto; overflow: visible; }
.charts figure > svg { touch-action: pan-y; cursor: crosshair; }
.charts figure > svg:focus { outline: 1px solid var(--axis); outline-offset: 4px; border-radius: 4px; }
.charts svg svg { overflow: hidden; }
figcaption { color: var(--soft); font-size: 13px; margin-top: 4px; }
.legend { margin: 0 0 4px; font-size: 13px; display: flex; flex-wrap: wrap; gap: 2px 16px; color: var(--soft); }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
.legend b { display: inline-block; min-width: 4.2ch; color: var(--ink); font-weight: 600;
  font-variant-numeric: tabular-nums; }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.tick-y { text-anchor: end; } .tick-x, .unit { text-anchor: middle; }
.grid { stroke: var(--rule); } .axis, .tick { stroke: var(--axis); }
.curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.band { opacity: 0.16; } .share { stroke: var(--card); stroke-width: 0.6; }
.level { stroke: var(--level); stroke-width: 1.1; stroke-dasharray: 5 4; fill: none; }
svg .level-name { fill: var(--ink); }
.cursor { stroke: var(--level); stroke-width: 1; } .point { stroke: var(--card); stroke-width: 1.5; }
svg .when.on { fill: var(--ink); font-weight: 600; }
.alarm { fill: var(--bad); opacity: 0.13; } .alarm-mark { fill: var(--bad); }
.alarms { border-left: 4px solid var(--bad); margin-bottom: 16px; } .alarms ul { margin: 6px 0 0; padding-left: 20px; }
.outcome { border-left: 4px solid var(--axis); margin-top: 20px; } .outcome h3 { margin: 0; }
.outcome p { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.outcome code { display: inline-block; max-width: 100%; }
.outcome.bad { border-left-color: var(--bad); background: var(--bad-card); }
.outcome.bad h3 { color: var(--bad); font-size: 18px; }
.outcome.good { border-left-color: var(--good); }
.note { color: var(--soft); font-size: 14px; margin: 12px 0 0; overflow-wrap: anywhere; }
.gallery { display: flex; flex-wrap: wrap; gap: 16px 36px; align-items: flex-start; }
.gallery img { image-rendering: pixelated; border-radius: 4px; max-width: 100%; height: auto; background: #000; }
.samples, .reals { flex: 0 1 auto; min-width: 0; } .samples .note { width: 0; min-width: 100%; } /* as wide as the pictures */
.gallery .hidden { display: none; } .gallery .shown { display: block; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; margin: 10px 0 0; }
.controls input { flex: 1; min-width: 80px; accent-color: var(--accent); }
.controls output { color: var(--soft); font-size: 13.5px; min-width: 165px; font-variant-numeric: tabular-nums; }
button { font: inherit; font-size: 13.5px; padding: 4px 14px; border-radius: 7px; border: 1px solid var(--axis);
  background: var(--card); color: var(--ink); cursor: pointer; }
.settings { columns: 3 300px; column-gap: 36px; font-size: 13.5px; }
.settings div { display: flex; justify-content: space-between; gap: 12px; border-bottom: 1px solid var(--rule);
  padding: 3px 0; break-inside: avoid; }
.settings span { color: var(--soft); white-space: nowrap; }
.settings code { overflow-wrap: anywhere; text-align: right; min-width: 0; }
.settings .own code { color: var(--accent); font-weight: 700; }
code, pre, td { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12.5px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 10px 0 0; }
table { border-collapse: collapse; margin-top: 10px; }
th { text-align: left; font-size: 13px; color: var(--soft); font-weight: 500; }
th, td { padding: 3px 22px 3px 0; border-bottom: 1px solid var(--rule); }
details.card { margin-top: 16px; overflow-x: auto; } summary { cursor: pointer; font-weight: 600; }
#live { position: fixed; right: 14px; bottom: 12px; margin: 0; padding: 4px 13px; border-radius: 99px; font-size: 13px;
  background: var(--card); border: 1px solid var(--rule); box-shadow: 0 2px 8px rgba(10, 15, 25, 0.18); }
#live::before { content: ""; display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 8px;
  background: var(--bad); }
#live.running::before, #live.finished::before { background: var(--good); }
#live.stopped::before, #live.unknown::before { background: var(--soft); }
#live.running::before { animation: breathe 2s infinite; }
@keyframes breathe { 50% { opacity: 0.35; } }
@media (prefers-reduced-motion: reduce) { #live.running::before { animation: none; } }
@media (max-width: 600px) {
  main { padding: 18px 12px 32px; } .card { padding: 12px; } h1 { font-size: 23px; }
  .charts svg text { font-size: 17px; } .charts .unit, .charts .odd { display: none; }
  .settings { columns: 1; } th, td { padding-right: 10px; overflow-wrap: anywhere; }
}
)";

}  // namespace duel::app
