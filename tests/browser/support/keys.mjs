// SPDX-License-Identifier: Apache-2.0
// A page walked with Tab, Enter and Space only.
import assert from 'node:assert/strict';

/// How the focused element shows itself: its outline against what lies behind it, and whether something covers it.
const focused = () => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let behind = parseFloat(style.outlineOffset) < 0 ? element : element.parentElement;
  const painted = (e) => { const c = channels(getComputedStyle(e).backgroundColor); return c.length < 4 || c[3] > 0; };
  while (behind.parentElement && !painted(behind)) behind = behind.parentElement;
  const [a, b] = [light(channels(style.outlineColor)), light(channels(getComputedStyle(behind).backgroundColor))];
  const box = element.getBoundingClientRect();
  const on = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
  return {
    what: `${element.tagName.toLowerCase()} ${element.id || element.className || element.textContent.trim().slice(0, 20)}`,
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
    seen: on !== null && (element.contains(on) || on.contains(element)),
  };
};

/// Presses Tab until an element matching `selector` has the focus; every stop on the way must be visible.
export async function tabTo(page, selector) {
  for (let stop = 0; stop < 60; ++stop) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(focused);
    assert.ok(at.outline >= 2, `focus on ${at.what} has an outline`);
    assert.ok(at.contrast >= 3, `focus on ${at.what}: contrast ${at.contrast.toFixed(2)}`);
    assert.ok(at.seen, `focus on ${at.what} is not covered`);
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
  }
  assert.fail(`Tab does not reach ${selector} on ${page.url()}`);
}
