// What makes the page of a run follow it. It has no '<' or '&', so that the page is XML too.
#pragma once

#include <string>

namespace duel::app {

inline constexpr const char* kLiveScript = R"(

const light = document.body.appendChild(document.createElement('p'));
light.id = 'live';
light.setAttribute('role', 'status');
function tell(text, style) { light.className = style; light.textContent = text; }
function tellState() { tell(state === 'running' ? 'live' : state, state); }
/** Takes over a newer page, and leaves to the reader what he has opened, chosen and set going. */
function take(text) {
  const main = document.adoptNode(new DOMParser().parseFromString(text, 'text/html').querySelector('main'));
  const old = document.querySelector('main'), slider = byId('slider');
  const chosen = slider ? slider.value === slider.max ? '' : byId('caption').textContent : '';
  const loaded = new Map(Array.from(old.querySelectorAll('img'), image => [image.getAttribute('src'), image]));
  main.querySelectorAll('img').forEach(image => {
    const same = loaded.get(image.getAttribute('src'));
    if (!same) return;
    same.className = image.className;
    image.replaceWith(same);
  });
  const opened = Array.from(old.querySelectorAll('details[open] summary'), summary => summary.textContent);
  main.querySelectorAll('summary').forEach(one => { one.parentNode.open = opened.includes(one.textContent); });
  unread();
  old.replaceWith(main);
  const index = pictures().findIndex(picture => picture.alt === chosen);
  if (index !== -1) show(index);
  if (timer) byId('play').textContent = 'Pause';
}
async function follow() {
  try {
    const now = await (await fetch('state')).json();
    if (now.version !== version) {
      take(await (await fetch('./')).text());
      ({version, state} = now);
    }
    tellState();
  } catch (error) {
    tell('no answer: the program that showed this page has ended', 'gone');
  }
  setTimeout(follow, document.hidden ? 5000 : 1000);
}
tellState();
follow();
)";

/// `version` and `state` are those of the page which has the script: see LivePage::answer().
inline std::string live_script(const std::string& version, const std::string& state) {
  return "let version = '" + version + "', state = '" + state + "';" + kLiveScript;
}

}  // namespace duel::app
