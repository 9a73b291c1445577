// SPDX-License-Identifier: Apache-2.0
// What holds of every page: WCAG 2.2 AA as far as axe sees it, valid HTML, no sideways scrolling; and a picture of it.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { screenshots } from './access.mjs';
import { desk, phone } from './browser.mjs';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Matters of taste that our templates settle otherwise, or that a template cannot keep.
    'doctype-style': ['error', { style: 'lowercase' }],
    // The summary of a form's faults stands above the page's heading.
    'heading-level': ['error', { minInitialRank: 'h2' }],
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'tel-non-breaking': 'off',
    // The boxes of a list's rows bear one name, as HTML has it for several values.
    'form-dup-name': ['error', { shared: ['radio', 'button', 'reset', 'submit', 'checkbox'] }],
    // Own files under content-hash names from the same origin: there is no third party to distrust.
    'require-sri': 'off',
  },
});

export async function assertAccessible(page, what) {
  const result = await new AxeBuilder({ page }).setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const found = result.violations.flatMap((v) => v.nodes.map((n) =>
    `${v.id}: ${n.target.join(' ')} — ${n.failureSummary?.split('\n').slice(1).join('; ').trim()}`));
  assert.deepEqual(found, [], `axe on ${what}`);
}

export async function assertValid(html, what) {
  const report = await validator.validateString(html);
  const found = report.results.flatMap((r) => r.messages.filter((m) => m.severity === 2)
    .map((m) => `${m.ruleId} ${m.line}:${m.column} ${m.message} ${m.selector ?? ''}`));
  assert.deepEqual(found, [], `html-validate on ${what}`);
}

export async function assertNoSideways(page, what) {
  const { wide, seen, who } = await page.evaluate(() => {
    const seen = document.documentElement.clientWidth;
    const who = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > seen + 1)
      .slice(0, 4).map((e) => `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className}`);
    return { wide: document.documentElement.scrollWidth, seen, who };
  });
  assert.ok(wide <= seen, `${what} scrolls sideways: ${wide} > ${seen} (${who.join(', ')})`);
}

/// A picture of the whole page. Chromium now and then never answers when it is asked for one, and Playwright's own
/// timeout does not end that: it is asked once more.
export async function picture(page, name) {
  for (let tries = 1; ; ++tries) {
    let timer;
    const late = new Promise((resolve) => { timer = setTimeout(resolve, 15_000, 'late'); });
    const taken = page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
    taken.catch(() => {}); // of the one that was given up
    try {
      if (await Promise.race([taken, late]) !== 'late') return;
    } finally {
      clearTimeout(timer);
    }
    assert.ok(tries < 2, `no picture of ${name}`);
  }
}

/// The page as it stands, on a phone and on a desk; the viewport is left as it was. All that is wrong is said at once.
export async function assertSound(page, name, html) {
  const before = page.viewportSize();
  const wrong = [];
  const attempt = async (check) => {
    try { await check(); } catch (error) { wrong.push(error.message); }
  };
  if (html) await attempt(() => assertValid(html, name));
  for (const size of [{ ...phone, width: 320 }, phone, desk]) {
    await page.setViewportSize(size);
    const at = `${name} at ${size.width} px`;
    await attempt(() => assertNoSideways(page, at));
    if (size.width === 320) continue;
    await attempt(() => assertAccessible(page, at));
    await picture(page, `${name}-${size.width}`);
  }
  await page.setViewportSize(before);
  assert.equal(wrong.length, 0, wrong.join('\n'));
}
